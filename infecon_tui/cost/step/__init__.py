"""The seconds of one step: each layer's products, attention, experts and sums, its head, its stages."""
