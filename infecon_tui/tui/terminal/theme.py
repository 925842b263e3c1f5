"""Colours: exact entries of the xterm-256 palette, so that nothing shifts where only 256 exist.

Each theme is one table of roles. State is never told by colour alone: every role that carries a
meaning goes with a glyph, or with bold, underline or reverse, which terminals without colour keep.
"""

from __future__ import annotations

from typing import Literal

from rich.color import Color
from rich.style import Style
from textual.theme import Theme

from infecon_tui.tui.terminal.palette import rgb

Shade = Literal["dark", "light"]
Role = tuple[int | None, int | None, str]
"""Foreground, background (palette numbers, None = the terminal's or the row's) and attributes."""

_DARK: dict[str, Role] = {
    "text": (252, None, ""),
    "muted": (248, None, ""),
    "faint": (245, None, ""),
    "accent": (110, None, ""),
    "strong": (255, None, "bold"),
    "value": (255, None, ""),
    "changed": (179, None, "bold"),
    "good": (108, None, ""),
    "warning": (179, None, ""),
    "bad": (203, None, ""),
    "rule": (238, None, ""),
    "grid": (237, None, ""),
    "cursor": (None, 237, ""),
    "resting": (None, 235, ""),
    "chip": (234, 110, "bold"),
    "field": (255, 240, "underline"),
    "fault": (217, 239, "underline"),
    "menu": (252, 236, ""),
    "menu_muted": (248, 236, ""),
    "series0": (110, None, ""),
    "series1": (179, None, ""),
    "series2": (108, None, ""),
    "series3": (174, None, ""),
    "series4": (140, None, ""),
    "series5": (73, None, ""),
    "pinA": (208, None, "bold"),
    "pinB": (213, None, "bold"),
    "pinC": (155, None, "bold"),
    "pinD": (87, None, "bold"),
}
_LIGHT: dict[str, Role] = {
    "text": (236, None, ""),
    "muted": (240, None, ""),
    "faint": (242, None, ""),
    "accent": (25, None, ""),
    "strong": (232, None, "bold"),
    "value": (232, None, ""),
    "changed": (94, None, "bold"),
    "good": (22, None, ""),
    "warning": (94, None, ""),
    "bad": (124, None, ""),
    "rule": (250, None, ""),
    "grid": (252, None, ""),
    "cursor": (None, 252, ""),
    "resting": (None, 254, ""),
    "chip": (255, 25, "bold"),
    "field": (232, 250, "underline"),
    "fault": (88, 250, "underline"),
    "menu": (236, 253, ""),
    "menu_muted": (240, 253, ""),
    "series0": (25, None, ""),
    "series1": (130, None, ""),
    "series2": (22, None, ""),
    "series3": (161, None, ""),
    "series4": (91, None, ""),
    "series5": (30, None, ""),
    "pinA": (166, None, "bold"),
    "pinB": (164, None, "bold"),
    "pinC": (100, None, "bold"),
    "pinD": (31, None, "bold"),
}
_SIXTEEN: dict[str, Role] = {
    "text": (None, None, ""),
    "muted": (None, None, "dim"),
    "faint": (None, None, "dim"),
    "accent": (6, None, ""),
    "strong": (None, None, "bold"),
    "value": (None, None, ""),
    "changed": (3, None, "bold"),
    "good": (2, None, ""),
    "warning": (3, None, "bold"),
    "bad": (1, None, "bold"),
    "rule": (None, None, "dim"),
    "grid": (None, None, "dim"),
    "cursor": (None, None, "reverse"),
    "resting": (None, None, "bold"),
    "chip": (None, None, "bold reverse"),
    "field": (None, None, "not reverse bold underline"),
    "fault": (1, None, "not reverse bold underline"),
    "menu": (None, None, ""),
    "menu_muted": (None, None, "dim"),
    "series0": (6, None, ""),
    "series1": (3, None, ""),
    "series2": (2, None, ""),
    "series3": (5, None, ""),
    "series4": (4, None, ""),
    "series5": (1, None, ""),
    "pinA": (9, None, "bold"),
    "pinB": (13, None, "bold"),
    "pinC": (12, None, "bold"),
    "pinD": (10, None, "bold"),
}
BACKGROUND = {"dark": 234, "light": 255}
SERIES = 6


class Look:
    """The styles of one theme, by role."""

    def __init__(self, shade: Shade, *, few_colours: bool) -> None:
        self.shade: Shade = shade
        self.few_colours = few_colours
        table = _SIXTEEN if few_colours else {"dark": _DARK, "light": _LIGHT}[shade]
        # Widgets that draw lines paint their own ground; with few colours it stays the terminal's.
        ground = Style() if few_colours else Style.from_color(None, _colour(BACKGROUND[shade]))
        self._bare = {role: _style(entry) for role, entry in table.items()}
        self._bare["caret"] = Style(reverse=True)
        self._styles = {role: ground + style for role, style in self._bare.items()}

    def __getitem__(self, role: str) -> Style:
        """A style; `"value cursor"` lays the second over the first."""
        style = self._styles.get(role)
        if style is None:
            first, _, second = role.partition(" ")
            style = self._styles[role] = self._styles[first] + self._bare[second]
        return style

    @property
    def theme(self) -> str:
        """The name of the Textual theme that goes with it."""
        return f"infecon-ansi-{self.shade}" if self.few_colours else f"infecon-{self.shade}"


def _style(entry: Role) -> Style:
    fore, back, attributes = entry
    colours = Style.from_color(
        None if fore is None else _colour(fore), None if back is None else _colour(back)
    )
    return colours + Style.parse(attributes)


def _colour(number: int) -> Color:
    return Color.from_ansi(number) if number < 16 else Color.from_rgb(*rgb(number))


_ANSI_VARIABLES = (
    "ansi-background",
    "ansi-foreground",
    "border-blurred",
    "block-cursor-foreground",
    "block-cursor-background",
    "input-cursor-background",
    "input-cursor-foreground",
    "input-selection-background",
    "input-selection-foreground",
    "screen-selection-background",
    "screen-selection-foreground",
)


def themes() -> list[Theme]:
    """The Textual themes; what they hold beyond the background is only for Textual's own parts."""
    made = []
    shades: tuple[Shade, ...] = ("dark", "light")
    for shade in shades:
        back = "#{:02x}{:02x}{:02x}".format(*rgb(BACKGROUND[shade]))
        fore = "#{:02x}{:02x}{:02x}".format(*rgb({"dark": 252, "light": 236}[shade]))
        house = Theme(
            f"infecon-{shade}",
            primary=fore,
            foreground=fore,
            background=back,
            surface=back,
            panel=back,
            dark=shade == "dark",
        )
        plain = "ansi_default"
        few = Theme(
            f"infecon-ansi-{shade}",
            primary="ansi_cyan",
            foreground=plain,
            background=plain,
            surface=plain,
            panel=plain,
            boost=plain,
            dark=shade == "dark",
            ansi=True,
            # Textual's own styles name these, and ask an ANSI theme for them.
            variables=dict.fromkeys(_ANSI_VARIABLES, plain)
            | {"input-cursor-text-style": "reverse"},
        )
        made += [house, few]
    return made
