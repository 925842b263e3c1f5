"""How fast it can be done: accelerators and the fabrics between them."""
