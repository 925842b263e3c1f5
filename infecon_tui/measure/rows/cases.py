"""A row of a benchmark file as a question to the engine, and as the time it measured."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.rows.layouts import Placed, placed
from infecon_tui.measure.rows.lengths import lengths_of
from infecon_tui.measure.rows.measured import is_whole, measured
from infecon_tui.measure.rows.names import Names
from infecon_tui.measure.rows.precision import Bits, served, told_formats
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infecon_tui.cost.case import Case, Engine, Serving
    from infecon_tui.measure.rows.drafts import Drafts
    from infecon_tui.measure.rows.measured import Quantity
    from infecon_tui.measure.rows.table import Row

_MEDIAN = re.compile(r"median[^;]*TTFT", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A row that can be predicted. Times are seconds for one output token of one sequence.

    `rounds` are the requests that each client of a loop sends, which all start together; 0 where they are not
    known, or what was published is a median, in which the start does not weigh.
    """

    row: Row
    model_id: str
    part_id: str
    case: Case
    instances: float
    measured_s: float
    quantity: Quantity
    assumed: str = ""
    rounds: float = 0.0

    @property
    def engine(self) -> str:
        return self.case.engine

    @property
    def purity(self) -> str:
        return self.row.texts.get("purity", "") or "not stated"


class Cases:
    """Turns rows into questions; equal models are one object, so that the engine can group them."""

    def __init__(
        self, names: Names | None = None, parts: Mapping[str, Accelerator] | None = None
    ) -> None:
        self.names = names or Names()
        self._parts = dict(parts or {})
        self._models: dict[tuple[str, str, Bits, str], Transformer | str] = {}

    def question(self, row: Row) -> Question | str:
        """The question of a row, or the reason why there is none."""
        from infecon_tui.measure.rows.drafts import drafts_of

        if row.fault:
            return row.fault
        texts = row.texts
        model_id = self.names.model(texts.get("hf_id", ""), texts.get("model", ""))
        part_id = self.names.accelerator(texts.get("gpu", ""), texts.get("source", ""))
        if model_id is None:
            return "model not in the catalogue"
        if part_id is None:
            return "accelerator not in the catalogue"
        if reason := _excluded(row):
            return reason
        part = self._part(part_id)
        engine = _family(row, self.names)
        model = self._served(row, model_id, part, engine)
        if isinstance(model, str):
            return model
        measure = measured(row)
        if isinstance(measure, str):
            return measure
        where = placed(row, model, part)
        if isinstance(where, str):
            return where
        drafts = drafts_of(row, model, engine)
        if isinstance(drafts, str):
            return drafts
        made = self._made(row, (model_id, part_id, engine), model, part, where, measure)
        return made if drafts is None else _with_drafts(made, drafts)

    def _part(self, part_id: str) -> Accelerator:
        if part_id not in self._parts:
            self._parts[part_id] = load(Accelerator, part_id)
        return self._parts[part_id]

    def _served(
        self, row: Row, model_id: str, part: Accelerator, engine: Engine
    ) -> Transformer | str:
        name = told_formats(row.texts)
        bits = Bits(
            weights=row.number("weight_bits"),
            activations=row.number("act_bits"),
            cache=row.number("kv_bits"),
            engine=engine,
        )
        key = (model_id, part.id, bits, name)
        if key not in self._models:
            made = served(load(Transformer, model_id), part, bits, name)
            same = next((other for other in self._models.values() if other == made), made)
            self._models[key] = same
        return self._models[key]

    def _made(
        self,
        row: Row,
        ids: tuple[str, str, Engine],
        model: Transformer,
        part: Accelerator,
        where: Placed,
        measure: tuple[float, Quantity],
    ) -> Question:
        from infecon_tui.cost.case import Case

        lengths = lengths_of(row, self.names)
        case = Case(
            model=model,
            hardware=part,
            engine=ids[2],
            layout=where.layout,
            batch=where.batch,
            isl=lengths.isl,
            osl=lengths.osl,
            serving=_serving(row, measure),
            cuda_graphs=_cuda_graphs(row),
            context_tok=lengths.context_tok,
            sampling=self.names.sampling(row.texts.get("source", "")),
        )
        return Question(
            row=row,
            model_id=ids[0],
            part_id=ids[1],
            case=case,
            instances=where.instances,
            measured_s=measure[0],
            quantity=measure[1],
            assumed="; ".join(text for text in (where.assumed, lengths.assumed) if text),
            rounds=_rounds(row, self.names),
        )


def _with_drafts(question: Question, drafts: Drafts) -> Question:
    case = replace(question.case, drafting=drafts.drafting, drafted=drafts.drafted)
    said = "; ".join(text for text in (question.assumed, drafts.assumed) if text)
    return replace(question, case=case, assumed=said)


def _rounds(row: Row, names: Names) -> float:
    if _MEDIAN.search(row.texts.get("notes", "")):
        return 0.0
    return names.rounds(row.texts.get("source", "")) or 0.0


def _family(row: Row, names: Names) -> Engine:
    """The engine's family by its release, which some sources write into its name, or by its date."""
    from infecon_tui.cost.engines import family_of

    said = row.texts.get("engine", "")
    release = row.texts.get("engine_version", "") or said
    return family_of(names.engine(said), release, row.texts.get("date", ""))


def _excluded(row: Row) -> str:
    """Why a row is not to be compared, whatever it holds."""
    purity = row.texts.get("purity", "")
    if purity == "e2e_batch_queued":
        return "batch did not fit and queued"
    if purity in ("api", "production_average"):
        return "hardware and batch not published"
    return ""


def _serving(row: Row, measure: tuple[float, Quantity]) -> Serving:
    """What ran: steps of a steady batch, a whole batch at once, or a loop with prefill mixed in."""
    purity, quantity = row.texts.get("purity", ""), measure[1]
    if purity == "steady_decode" and row.texts.get("kind") == "batch":
        # A rate over a window holds the prompts of those who come in; a median step does not.
        return "steady" if is_whole(row, measure[0]) else "decode"
    if purity in ("pure_decode", "steady_decode", "serving_disagg"):
        return "decode"
    if purity.startswith("e2e_batch"):
        return "static"
    if purity in ("serving_steady", "serving_kv_limited"):
        # A median between tokens is a step without prefill; a mean holds the prefill of others.
        mean = "itl average" in row.texts.get("notes", "").lower()
        return "decode" if row.number("itl_ms") is not None and not mean else "closed_loop"
    if row.number("batch_or_concurrency") is None and quantity == "step":
        return "steady"  # Those that run are known, not those that wait.
    if purity or quantity == "rate":
        return "closed_loop"
    return "closed_loop" if row.texts.get("kind") == "concurrency" else "decode"


def _cuda_graphs(row: Row) -> bool:
    """Stacks that start every kernel by itself: told to, or older than graphs in their engine."""
    said = f"{row.texts.get('engine', '')} {row.texts.get('notes', '')}".lower()
    return not any(
        word in said for word in ("enforce-eager", "enforce_eager", "eager mode", "2023)")
    )
