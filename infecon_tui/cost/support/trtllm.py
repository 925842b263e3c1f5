"""What TensorRT-LLM has kernels for."""

from __future__ import annotations

from infecon_tui.cost.support.record import Since, Support

_MODELS = "NVIDIA/TensorRT-LLM, docs/source/models/supported-models.md (PyTorch backend)"
_FORMATS = "NVIDIA/TensorRT-LLM, docs/source/features/quantization.md (hardware support matrix)"
_SPARSE = (
    "NVIDIA/TensorRT-LLM, examples/models/core/deepseek_v3/README.md (DeepSeek-V3, R1 and V3.2-Exp: its "
    "hardware is Hopper and Blackwell, Ampere is not supported)"
)
_EXPERTS = (
    "NVIDIA aiconfigurator-core 0.12.0, support_matrix (MXFP4 experts from Hopper on, none on L40S)"
)

TRTLLM = Support(
    name="TensorRT-LLM",
    vendors=("NVIDIA",),
    vendors_where="NVIDIA/TensorRT-LLM, docs/source/reference/support-matrix.md",
    oldest="Ampere",
    everywhere=("int4", "bf16"),
    kinds=(
        *("gqa", "sliding", "chunked", "sparse_gqa", "cross_layer"),
        *("mla", "sparse_mla", "compressed", "gdn", "mamba2"),
    ),
    kinds_where=_MODELS,
    kinds_since=(
        ("sparse_mla", Since(first="Hopper", where=_SPARSE)),
        ("compressed", Since(first="Blackwell", without=("Blackwell RTX",), where=_MODELS)),
    ),
    weights=(
        ("fp8", Since(first="Ada", where=_FORMATS)),
        ("fp4", Since(first="Blackwell", where=_FORMATS)),
    ),
    experts=(
        ("fp8", Since(first="Ada", where=_FORMATS)),
        ("fp4", Since(first="Hopper", where=_EXPERTS)),
    ),
)
