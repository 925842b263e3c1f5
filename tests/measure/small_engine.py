"""A small engine to test against: weights, cache and a fixed time a step; knows no fabric."""

from infecon_tui.cost.case import Refusal
from infecon_tui.cost.predict import Prediction
from infecon_tui.formats import BYTES_OF


def predict(cases):
    return [one(case) for case in cases]


def one(case):
    if case.layout.pipeline > 1:
        return Refusal("pipeline")
    model, part, gpus = case.model, case.hardware, case.layout.gpus
    element = BYTES_OF[model.precision.activations]
    context = case.isl + case.osl / 2 if case.context_tok is None else case.context_tok
    cache = model.cache_elements(context) * element * case.batch
    rate = part.hbm.bandwidth_Bps * part.hbm.efficiency * gpus
    hbm = (model.weight_bytes + cache) / rate
    launch = 8 * model.layer_count * part.launch_s
    step = hbm + launch
    peak = part.arithmetic.peak_flops(model.precision.weights) * part.arithmetic.efficiency * gpus
    prompts = case.batch if case.serving == "static" else 1
    ttft = 2 * model.active_params * case.isl * prompts / peak + launch
    kept = (
        model.weight_bytes + model.cache_elements(case.isl + case.osl) * element * case.batch
    ) / gpus
    return Prediction(
        tpot_s=step,
        ttft_s=ttft,
        tok_s=case.batch / step,
        memory_bytes_per_gpu=kept,
        fits=kept < part.hbm.capacity_bytes,
        watts=None,
        causes={"hbm": hbm, "launch": launch},
    )
