"""The screens: the explorer itself, and pages of text over it."""
