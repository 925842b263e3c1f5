"""What the rows of a benchmark file say: names, layouts, formats, lengths, drafts, what was measured."""
