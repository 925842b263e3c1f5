"""What commands do, by theme."""
