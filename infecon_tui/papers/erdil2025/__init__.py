"""E. Erdil, Inference economics of language models, arXiv 2506.04645 (June 2025), and its notebook."""
