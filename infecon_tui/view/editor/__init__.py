"""The editors: every number of a scenario as rows, in groups, and the steps of the arrow keys."""
