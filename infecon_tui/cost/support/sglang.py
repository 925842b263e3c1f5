"""What SGLang has kernels for."""

from __future__ import annotations

from infecon_tui.cost.support.record import Since, Support

SGLANG = Support(
    name="SGLang",
    vendors=("NVIDIA", "AMD", "Google", "Intel", "Huawei", "Apple"),
    vendors_where="docs.sglang.io, hardware platforms; docs.habana.ai for Gaudi",
    oldest="Turing",
    everywhere=("int4", "int8", "bf16"),
    kinds_since=(
        (
            "sparse_mla",
            Since(
                first="Hopper",
                where="NVIDIA aiconfigurator-core 0.12.0, support_matrix/l40s.csv (SGLang's DSA needs SM90)",
            ),
        ),
    ),
    weights=(
        (
            "fp4",
            Since(
                first="Hopper",
                where=(
                    "sgl-project/sglang, docs/advanced_features/quantization.md (modelopt_fp4 on Blackwell) "
                    "and docs/basic_usage/glm52_nvfp4_sm90.md (on Hopper)"
                ),
            ),
        ),
    ),
)
"""Experts in four bits (MXFP4 checkpoints) have Triton kernels everywhere."""
