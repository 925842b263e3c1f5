"""A small figure and a small table, made by hand."""

from infecon_tui.view.records import Axis, Column, Figure, Mark, Series, Table

FIGURE = Figure(
    key="frontier",
    title="What does <speed> cost?",
    x=Axis(label="speed", unit="tok/s", log=False),
    y=Axis(label="cost", unit="USD/Mtok"),
    series=(
        Series(label="one & only", x=(0.0, 50.0, 100.0), y=(1.0, 10.0, 100.0)),
        Series(label="dashed", x=(0.0, 100.0), y=(2.0, 20.0), dashed=True),
    ),
    marks=(Mark(label="here", x=50.0, y=10.0), Mark(label="there", x=100.0, y=100.0, glyph="◆")),
)
TABLE = Table(
    key="points",
    title="Points",
    columns=(
        Column(key="name", title="name", left=True),
        Column(key="tok_s", title="speed", unit="tok/s"),
    ),
    rows=(("a", "1.5"), ("bcd", "")),
    values=(("a", 1.5), ("bcd", float("inf"))),
    note="two of them",
)
