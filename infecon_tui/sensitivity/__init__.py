"""What moves speed and cost: every number turned a little, and the value of one that reaches a target."""
