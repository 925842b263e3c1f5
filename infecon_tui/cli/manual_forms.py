"""A manual as blocks, and its two forms: roff for `man`, and Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from infecon_tui import __version__


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 is a section."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Entries:
    """Terms and what they mean."""

    rows: tuple[tuple[str, str], ...]


Block = Heading | Text | Entries


def roff(blocks: list[Block]) -> str:
    """A page for `man -l -`, with the macros of man(7)."""
    lines = [f'.TH INFECON-TUI 1 "" "infecon-tui {__version__}" "User Commands"']
    for block in blocks:
        if isinstance(block, Heading):
            sign = ".SH" if block.level == 1 else ".SS"
            title = block.text.upper() if block.level == 1 else block.text
            lines.append(f'{sign} "{_escaped(title)}"')
        elif isinstance(block, Text):
            lines += [".PP", _guarded(block.text)]
        else:
            for term, text in block.rows:
                lines += [".TP", f".B {_guarded(term)}", _guarded(text)]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Text without the letters that roff takes for its own."""
    return text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("^", "\\(ha")


def _guarded(text: str) -> str:
    """A line that does not begin as a macro does."""
    escaped = _escaped(text)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def markdown(blocks: list[Block]) -> str:
    """A Markdown page; terms are code."""
    parts = ["# infecon-tui"]
    for block in blocks:
        if isinstance(block, Heading):
            parts.append(f"{'#' * (block.level + 1)} {_literal(block.text)}")
        elif isinstance(block, Text):
            parts.append(_literal(block.text))
        else:
            rows = (f"- {_code(term)}: {_literal(text)}" for term, text in block.rows)
            parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _literal(text: str) -> str:
    """Text without the letters that Markdown takes for its own."""
    return "".join(f"\\{letter}" if letter in "*_[]<>|" else letter for letter in text)
