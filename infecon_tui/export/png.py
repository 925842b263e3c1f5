"""A figure or table as a PNG picture: the SVG, drawn by resvg, an optional part of the installation."""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import TYPE_CHECKING

from infecon_tui.errors import InfeconError
from infecon_tui.export.svg import figure_svg
from infecon_tui.export.svg_table import table_svg

if TYPE_CHECKING:
    from collections.abc import Callable

    from infecon_tui.view.records import Figure, Table

ZOOM = 2
"""Pixels of the picture to one of the SVG, so that it is sharp on fine screens."""
MISSING = "PNG needs resvg-py: pip install 'infecon-tui[png]', or write .svg"
NO_FONT = "PNG needs a font: this system has none; install one (DejaVu, Liberation), or write .svg"
_FAMILIES = (
    *("DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Helvetica Neue"),
    *("Segoe UI", "Cantarell", "Ubuntu", "Open Sans", "FreeSans", "Nimbus Sans"),
)
"""What `sans-serif` is on one system or another: resvg does not look that up."""


def figure_png(figure: Figure) -> bytes:
    """The picture as bytes. Raises InfeconError without resvg-py, or without a font to letter it with."""
    return _drawn(figure_svg(figure))


def table_png(table: Table) -> bytes:
    """The table as a picture. Raises InfeconError as `figure_png` does."""
    return _drawn(table_svg(table))


def _drawn(svg: str) -> bytes:
    try:
        draw = importlib.import_module("resvg_py").svg_to_bytes
    except ImportError:
        raise InfeconError(MISSING) from None
    family = _sans_serif(draw)
    if family is None:
        raise InfeconError(NO_FONT)
    return bytes(draw(svg_string=svg, zoom=ZOOM, sans_serif_family=family))


@lru_cache(maxsize=1)
def _sans_serif(draw: Callable[..., bytes]) -> str | None:
    """The first family that letters are drawn with; None where there is none."""

    def seen(family: str, letters: str) -> bytes:
        return bytes(draw(svg_string=_lettered(letters), sans_serif_family=family))

    return next((name for name in _FAMILIES if seen(name, "M") != seen(name, "")), None)


def _lettered(letters: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
        f'<text y="15" font-family="sans-serif">{letters}</text></svg>'
    )
