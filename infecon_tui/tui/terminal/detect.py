"""What the terminal can do, decided before Textual is loaded, with the reason for each decision.

Textual alone sends colour and braille to terminals that cannot show them (TERM=dumb, a Latin-1
stream) and folds dark colours badly where only 256 exist, so the decisions are taken here.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

Depth = Literal["truecolor", "256", "16", "none"]
Symbols = Literal["braille", "blocks", "ascii"]
DEPTHS: tuple[Depth, ...] = ("truecolor", "256", "16", "none")
SYMBOLS: tuple[Symbols, ...] = ("braille", "blocks", "ascii")

MIN_COLUMNS, MIN_ROWS = 60, 16
_COLOUR_SYSTEM = {"truecolor": "truecolor", "256": "256", "16": "standard", "none": "standard"}
_FRAMES = "240"
"""Repaints a second at most; each only where something changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """How to draw, and why: `reasons` maps each decision to the fact behind it."""

    depth: Depth = "truecolor"
    symbols: Symbols = "braille"
    mouse: bool = True
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def few_colours(self) -> bool:
        """Whether the terminal's own 16 colours, or none, are all there is."""
        return self.depth in ("16", "none")

    def tell(self, environ: MutableMapping[str, str]) -> None:
        """Makes Textual follow these decisions, by its environment; before the import."""
        environ["TEXTUAL_COLOR_SYSTEM"] = _COLOUR_SYSTEM[self.depth]
        environ["TEXTUAL_ANIMATIONS"] = "none"
        # Textual's second repaint in a row waits for up to two of its frames.
        environ.setdefault("TEXTUAL_FPS", _FRAMES)
        # Textual takes even an empty one for a wish.
        environ.pop("NO_COLOR", None)
        if self.depth == "none":
            environ["NO_COLOR"] = "1"


def detect(
    environ: Mapping[str, str],
    *,
    color: str = "auto",
    ascii_only: bool = False,
    mouse: bool = True,
    encoding: str = "utf-8",
) -> Terminal:
    """The terminal behind an environment and the options of the command line.

    `encoding` is that of the stream that Textual writes to.
    """
    depth, depth_why = _depth(environ, color)
    symbols, symbols_why = _symbols(environ, encoding, ascii_only=ascii_only)
    reasons = (
        ("colour", f"{depth}: {depth_why}"),
        ("symbols", f"{symbols}: {symbols_why}"),
        ("mouse", "on; hold Shift to select text" if mouse else "off: --no-mouse"),
    )
    return Terminal(depth=depth, symbols=symbols, mouse=mouse, reasons=reasons)


def obstacle(environ: Mapping[str, str], *, tty: bool) -> str:
    """Why the explorer cannot run here, or nothing."""
    term = environ.get("TERM", "")
    if not tty:
        return "input or output is not a terminal"
    if term == "dumb":
        return "TERM=dumb cannot place text on the screen"
    return ""


def _depth(environ: Mapping[str, str], color: str) -> tuple[Depth, str]:
    for depth in DEPTHS:
        if color == depth:
            return depth, "--color"
    if environ.get("NO_COLOR"):
        return "none", "NO_COLOR is set"
    term, said = environ.get("TERM", ""), environ.get("COLORTERM", "").lower()
    if said in ("truecolor", "24bit"):
        return "truecolor", f"COLORTERM={said}"
    if term.endswith("-direct"):
        return "truecolor", f"TERM={term}"
    if "256" in term or term.startswith(("xterm-kitty", "alacritty", "wezterm", "foot")):
        return "256", f"TERM={term}"
    return "16", f"TERM={term or 'unset'} names no more"


def _symbols(environ: Mapping[str, str], encoding: str, *, ascii_only: bool) -> tuple[Symbols, str]:
    if ascii_only:
        return "ascii", "--ascii"
    if environ.get("INFECON_ASCII", "") not in ("", "0"):
        return "ascii", "INFECON_ASCII is set"
    if not _is_utf8(encoding):
        return "ascii", f"the output is written as {encoding}"
    if environ.get("TERM") == "linux":
        return "ascii", "the Linux console has no braille"
    locale = next((v for k in ("LC_ALL", "LC_CTYPE", "LANG") if (v := environ.get(k))), "")
    if locale and not _is_utf8(locale.partition(".")[2] or "ascii"):
        return "ascii", f"the locale is {locale}"
    for symbols in SYMBOLS:
        if environ.get("INFECON_SYMBOLS") == symbols:
            return symbols, "INFECON_SYMBOLS"
    return "braille", "the locale is UTF-8"


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding.partition("@")[0]).name == "utf-8"
    except LookupError:
        return False
