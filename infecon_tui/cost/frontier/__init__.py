"""The search of layouts and batches: which there are, their points, the best of them, why there is none."""
