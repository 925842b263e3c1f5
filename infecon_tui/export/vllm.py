"""`vllm serve` for a deployment; flags as in vLLM 0.33.0 (its engine/arg_utils.py)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infecon_tui.export.launch import launches_of
from infecon_tui.export.script import (
    ADDRESS,
    HEAD,
    Command,
    addresses,
    commands_text,
    flags,
    per_host,
    pool_text,
    script,
)

if TYPE_CHECKING:
    from infecon_tui.export.records import Launch
    from infecon_tui.solve import Answer

RELEASE = "vLLM 0.33.0"
_CACHES = {"fp8": "fp8", "fp4": "nvfp4", "int8": "int8_per_token_head"}
_OLDER = {
    "vllm-waiting": "computed for vLLM 0.6 to 0.13, which schedule no step while another runs",
    "vllm-first": "computed for vLLM before 0.6, whose flags differ",
}


PORT = 8000
_ROLES = {"prefill": "kv_producer", "decode": "kv_consumer"}
_PROXY = "tests/v1/kv_connector/nixl_integration/toy_proxy_server.py"


def vllm_launch(answer: Answer) -> str:
    """The command of every host. Raises InfeconError where the point is not whole."""
    launches = launches_of(answer)
    parts = [part for launch in launches for part in pool_text(launch, _commands(launch))]
    return script(launches[-1], RELEASE, _remarks(launches[-1]), [*parts, *_proxy(*launches)])


def _remarks(launch: Launch) -> list[str]:
    remarks = [_OLDER[launch.engine]] if launch.engine in _OLDER else []
    if launch.cache and launch.cache not in _CACHES:
        remarks.append(f"vLLM keeps no KV cache in {launch.cache}")
    if launch.layout.attention_data > 1:
        remarks.append("--max-num-seqs is of one data-parallel rank")
    return remarks


def _commands(launch: Launch) -> list[str]:
    return commands_text(per_host(launch, lambda rank: _host(launch, rank)))


def _host(launch: Launch, rank: str) -> Command:
    found = _flags(launch)
    if launch.nodes > 1:
        place = {"nnodes": launch.nodes, "node_rank": rank, "master_addr": HEAD}
        found += flags(**place, headless=rank != "0")
    where = () if launch.role == "whole" else (f"VLLM_NIXL_SIDE_CHANNEL_HOST={ADDRESS}",)
    return Command(rank, (*where, "vllm", "serve", launch.model), found)


def _proxy(first: Launch, second: Launch | None = None) -> list[str]:
    """What stands before two pools."""
    if second is None:
        return []
    found = flags(port=8192)
    for side, launch in (("prefiller", first), ("decoder", second)):
        hosts = tuple(addresses(launch))
        found += flags(**{f"{side}_hosts": hosts, f"{side}_ports": (PORT,) * len(hosts)})
    return [
        f"# before both, from a checkout of vLLM\n{Command('', ('python', _PROXY), found).text}"
    ]


def _flags(launch: Launch) -> tuple[str, ...]:
    layout = launch.layout
    return flags(
        tensor_parallel_size=layout.tensor,
        pipeline_parallel_size=layout.pipeline if layout.pipeline > 1 else None,
        data_parallel_size=layout.attention_data if layout.attention_data > 1 else None,
        decode_context_parallel_size=layout.context if layout.context > 1 else None,
        enable_expert_parallel=layout.expert > 1,
        max_num_seqs=launch.batch_per_rank,
        max_num_batched_tokens=max(launch.step_tokens, launch.batch_per_rank),
        max_model_len=launch.max_tokens,
        gpu_memory_utilization=launch.memory_share,
        kv_cache_dtype=_CACHES.get(launch.cache or ""),
        quantization=launch.quantize,
        enable_chunked_prefill=True,
        speculative_config=_speculation(launch),
        kv_transfer_config=_transfer(launch),
    )


def _transfer(launch: Launch) -> str | None:
    """Between two pools, by NIXL."""
    if launch.role == "whole":
        return None
    return json.dumps({"kv_connector": "NixlConnector", "kv_role": _ROLES[launch.role]})


def _speculation(launch: Launch) -> str | None:
    drafting = launch.drafting
    if drafting is None:
        return None
    method = "draft_model" if drafting.kind == "draft" else drafting.kind
    model = {"model": drafting.checkpoint} if drafting.checkpoint else {}
    return json.dumps({"method": method, **model, "num_speculative_tokens": drafting.tokens})
