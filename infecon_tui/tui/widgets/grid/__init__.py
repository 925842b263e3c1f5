"""The property grid: the editors of all numbers of a scenario."""
