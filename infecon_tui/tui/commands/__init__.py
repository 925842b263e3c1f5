"""Every command once, its keys and words, and the line that takes them."""
