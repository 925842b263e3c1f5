"""Tables: a cursor over their rows, sorted and narrowed."""
