"""The terminal: what it can do, its colours, what is sent to it, how it stalls and goes away."""
