"""Where errors come from: which cause at another size explains them, and what watts tell."""
