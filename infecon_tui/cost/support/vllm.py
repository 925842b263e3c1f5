"""What vLLM has kernels for."""

from __future__ import annotations

from infecon_tui.cost.support.record import Since, Support

_FORMATS = (
    "vllm-project/vllm, docs/features/quantization/README.md (fp8: native from Ada, weights alone by Marlin "
    "from Ampere)"
)
_MARLIN = (
    "vllm-project/vllm, docs/features/quantization/modelopt.md (NVFP4 weights alone by Marlin)"
)

VLLM = Support(
    name="vLLM",
    vendors=("NVIDIA", "AMD", "Intel", "Google", "AWS", "Apple", "Huawei", "Tenstorrent"),
    vendors_where=(
        "vllm-project/vllm, docs/getting_started/installation, and the plugins that vllm.ai lists"
    ),
    oldest="Volta",
    everywhere=("int4", "int8", "bf16"),
    kinds_since=(
        (
            "sparse_mla",
            Since(
                first="Hopper",
                where=(
                    "vllm-project/vllm, docs/design/attention_backends.md (compute capability 9.x to 10.x) "
                    "and pull request 54929 (12.x has one of FlashInfer's)"
                ),
            ),
        ),
    ),
    weights=(
        ("fp8", Since(first="Ampere", where=_FORMATS)),
        ("fp4", Since(first="Ampere", where=_MARLIN)),
    ),
    experts=(
        ("fp8", Since(first="Ampere", where=_FORMATS)),
        ("fp4", Since(first="Ampere", where=_MARLIN)),
    ),
)
