"""Cases to vary in tests of the deployment engine."""

from dataclasses import replace

from infecon_tui.cost.case import Case, Layout
from infecon_tui.cost.predict import predict
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.knobs import replaced
from infecon_tui.spec.library import load
from infecon_tui.workload.transformer import Transformer

H100 = load(Accelerator, "h100-sxm")


def case(model="llama-3.1-70b", **changes):
    """Llama 70B on eight H100 under vLLM, decoding for 32 sequences, with changes."""
    base = Case(
        model=load(Transformer, model),
        hardware=H100,
        engine="vllm",
        layout=Layout(gpus=8, tensor=8),
        batch=32.0,
        isl=1024.0,
        osl=512.0,
        serving="decode",
    )
    layout = changes.pop("layout", {})
    if layout:
        sizes = {"tensor": 1, "pipeline": 1, "attention_data": 1} | layout
        gpus = sizes["tensor"] * sizes["pipeline"] * sizes["attention_data"]
        changes["layout"] = Layout(gpus=gpus, **sizes)
    return replace(base, **changes)


def with_knob(one, path, value):
    """The case on an accelerator with one value changed."""
    return replace(one, hardware=replaced(one.hardware, path, value))


def ask(one):
    """The answer to one case."""
    return predict([one])[0]
