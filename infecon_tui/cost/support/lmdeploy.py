"""What LMDeploy's TurboMind has kernels for, whose steps are modelled; its PyTorch engine has more."""

from __future__ import annotations

from infecon_tui.cost.support.record import Support

_MODELS = "InternLM/lmdeploy 0.16, docs/en/supported_models (TurboMind on CUDA)"

LMDEPLOY = Support(
    name="LMDeploy",
    vendors=("NVIDIA",),
    vendors_where=_MODELS,
    oldest="Volta",
    everywhere=("int4", "bf16"),
    kinds=("gqa", "sliding", "mla", "gdn"),
    kinds_where=_MODELS,
    weights=(("int8", None),),
    experts=(("int8", None),),
    formats_where=_MODELS,
)
