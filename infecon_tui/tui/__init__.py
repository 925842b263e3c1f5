"""The terminal explorer. Only this package imports Textual and plotext."""
