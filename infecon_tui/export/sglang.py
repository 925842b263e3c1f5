"""`sglang.launch_server` for a deployment; flags as in SGLang 0.5.23 (its srt/arg_groups/fields)."""

from __future__ import annotations

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

RELEASE = "SGLang 0.5.23"
PORT = 20000
SERVER_PORT = 30000
"""Its own choice where none is asked for."""
_CACHES = {"fp8": "fp8_e4m3", "fp4": "nvfp4"}


def sglang_launch(answer: Answer) -> str:
    """The command of every host. Raises InfeconError where the point is not whole."""
    launches = launches_of(answer)
    parts = [part for launch in launches for part in pool_text(launch, _commands(launch))]
    return script(launches[-1], RELEASE, _remarks(launches[-1]), [*parts, *_router(*launches)])


def _remarks(launch: Launch) -> list[str]:
    early = launch.engine == "sglang-early"
    remarks = ["computed for SGLang before 0.5.10"] if early else []
    if (ranks := launch.layout.attention_data) > 1:
        older = f"--dp-size {ranks} --enable-dp-attention"
        remarks.append(f"earlier releases spell --attn-dp-size {ranks} as {older}")
    if launch.cache and launch.cache not in _CACHES:
        remarks.append(f"SGLang keeps no KV cache in {launch.cache}")
    return remarks


def _commands(launch: Launch) -> list[str]:
    return commands_text(per_host(launch, lambda rank: _host(launch, rank)))


def _router(first: Launch, second: Launch | None = None) -> list[str]:
    """What stands before two pools."""
    if second is None:
        return []
    found = flags(pd_disaggregation=True)
    for launch in (first, second):
        for address in addresses(launch):
            found += flags(**{launch.role: f"http://{address}:{SERVER_PORT}"})
    command = Command("", ("python", "-m", "sglang_router.launch_router"), found)
    return [f"# before both\n{command.text}"]


def _host(launch: Launch, rank: str) -> Command:
    found = _flags(launch)
    if launch.nodes > 1:
        first = f"{HEAD}:{PORT}"
        found += flags(nnodes=launch.nodes, node_rank=rank, dist_init_addr=first)
    return Command(rank, ("python", "-m", "sglang.launch_server"), found)


def _flags(launch: Launch) -> tuple[str, ...]:
    """SGLang's tensor parallelism spans the ranks of attention, which divide it."""
    layout = launch.layout
    found = flags(
        model_path=launch.model,
        tp_size=launch.ranks,
        pp_size=layout.pipeline if layout.pipeline > 1 else None,
        attn_dp_size=layout.attention_data if layout.attention_data > 1 else None,
        dcp_size=layout.context if layout.context > 1 else None,
        ep_size=layout.expert if layout.expert > 1 else None,
        max_running_requests=launch.batch,
        context_length=launch.max_tokens,
        mem_fraction_static=launch.memory_share,
        kv_cache_dtype=_CACHES.get(launch.cache or ""),
        quantization=launch.quantize,
        chunked_prefill_size=launch.step_tokens,
    )
    return (*found, *_pool(launch), *_speculation(launch))


def _pool(launch: Launch) -> tuple[str, ...]:
    """Which side of two pools it is."""
    if launch.role == "whole":
        return ()
    return flags(
        disaggregation_mode=launch.role, disaggregation_transfer_backend="nixl", host=ADDRESS
    )


def _speculation(launch: Launch) -> tuple[str, ...]:
    """A chain of drafted tokens; the verified ones are these and the one before them."""
    drafting = launch.drafting
    if drafting is None:
        return ()
    return flags(
        # Its name for heads of both kinds.
        speculative_algorithm="STANDALONE" if drafting.kind == "draft" else "EAGLE",
        speculative_draft_model_path=drafting.checkpoint,
        speculative_num_steps=drafting.tokens,
        speculative_eagle_topk=1,
        speculative_num_draft_tokens=drafting.tokens + 1,
    )
