"""The plot: lines by plotext; axes, marks and legend drawn here."""
