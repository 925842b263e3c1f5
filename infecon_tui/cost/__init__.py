"""What a real serving engine takes: kernels and messages of a step, memory, and serving."""
