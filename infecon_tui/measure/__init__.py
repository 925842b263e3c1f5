"""Measurements that others published, beside the engine's predictions of them."""
