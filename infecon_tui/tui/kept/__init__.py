"""What outlasts a key or a run: the scenario and its past, pins, sessions, recent files."""
