"""What a serving engine has kernels for: vendors, kinds of attention, number formats by generation of GPU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infecon_tui.formats import Format
    from infecon_tui.hardware.accelerator import Accelerator
    from infecon_tui.workload.transformer import Transformer

GENERATIONS = (
    "Volta",
    "Turing",
    "Ampere",
    "Ada",
    "Hopper",
    "Blackwell",
    "Blackwell RTX",
    "Rubin",
)
"""Of NVIDIA's GPUs, oldest first: what rules about them name. Parts of no generation are let pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """From one generation of NVIDIA's GPUs on, `without` some of the later ones; `where` it is documented."""

    first: str
    without: tuple[str, ...] = ()
    where: str

    def holds(self, generation: str) -> bool:
        """Whether a generation has it; one that is not NVIDIA's is not told."""
        if generation not in GENERATIONS:
            return True
        late = GENERATIONS.index(generation) >= GENERATIONS.index(self.first)
        return late and generation not in self.without


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One engine. What no rule names is let pass: only what is documented is refused.

    `oldest` is the first generation of NVIDIA's GPUs in its list of hardware, `everywhere` the formats of
    weights it has kernels for from there on: both for what is offered instead. `kinds` are the kinds of
    attention in its list of models, None where the list does not end. `weights` and `experts` say by number
    format since when, None for a format that it has no kernels for at all.
    """

    name: str
    vendors: tuple[str, ...]
    vendors_where: str
    oldest: str
    everywhere: tuple[Format, ...]
    kinds: tuple[str, ...] | None = None
    kinds_where: str = ""
    kinds_since: tuple[tuple[str, Since], ...] = ()
    weights: tuple[tuple[Format, Since | None], ...] = ()
    experts: tuple[tuple[Format, Since | None], ...] = ()
    formats_where: str = ""

    def problem(self, part: Accelerator, model: Transformer) -> str:
        """The first reason why it does not run a model on an accelerator, or nothing."""
        return self._vendor(part) or self._kind(part, model) or self._format(part, model)

    def offered(self, part: Accelerator, model: Transformer) -> bool:
        """Whether it is told to run a model on an accelerator, not only not told to fail."""
        return Since(first=self.oldest, where="").holds(part.generation) and not self.problem(
            part, model
        )

    def _vendor(self, part: Accelerator) -> str:
        """One whose vendor is not said is let pass."""
        if not part.vendor or part.vendor in self.vendors:
            return ""
        return f"{self.name} runs on accelerators of {listed(self.vendors)} only, not on {part.id}"

    def _kind(self, part: Accelerator, model: Transformer) -> str:
        since = dict(self.kinds_since)
        for kind in dict.fromkeys(
            group.attention.kind for group in model.layers if group.attention
        ):
            if self.kinds is not None and kind not in self.kinds:
                return f"{self.name} has no kernels for {kind} attention ({model.id})"
            if kind in since and not since[kind].holds(part.generation):
                return _too_early(self.name, f"{kind} attention", since[kind], part)
        return ""

    def _format(self, part: Accelerator, model: Transformer) -> str:
        formats = model.precision
        said = self._of_format(self.weights, formats.weights, "weights", part)
        if said or formats.experts is None:
            return said
        return self._of_format(self.experts, formats.experts, "experts", part)

    def _of_format(
        self,
        rules: tuple[tuple[Format, Since | None], ...],
        number_format: Format,
        what: str,
        part: Accelerator,
    ) -> str:
        for told, since in rules:
            if told != number_format:
                continue
            if since is None:
                return f"{self.name} has no kernels for {told} {what}"
            if not since.holds(part.generation):
                return _too_early(self.name, f"{told} {what}", since, part)
        return ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Where all of it is documented, each place once."""
        rules = [since for _, since in (*self.kinds_since, *self.weights, *self.experts)]
        found = [self.vendors_where, self.kinds_where, self.formats_where]
        found += [since.where for since in rules if since]
        return tuple(dict.fromkeys(text for text in found if text))


def _too_early(name: str, what: str, since: Since, part: Accelerator) -> str:
    late = [one for one in GENERATIONS if since.holds(one)]
    held = f"on {listed(late)}" if since.without else f"from {since.first} on"
    return f"{name} has no kernels for {what} on {part.generation}, only {held}"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """`a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
