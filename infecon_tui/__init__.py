"""A terminal explorer for the economics of LLM inference."""

__version__ = "0.1.0"
