"""What must be done: attention, feed-forward and the transformer made of them."""
