"""`trtllm-serve` for a deployment; options as in TensorRT-LLM 1.2 (commands/serve.py, llmapi/llm_args.py).

Of two spellings the older is written, which releases since 0.18 and later ones both take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infecon_tui.errors import InfeconError
from infecon_tui.export.launch import launch_of
from infecon_tui.export.script import Command, commands_text, flags, script
from infecon_tui.spec.write import yaml_text

if TYPE_CHECKING:
    from infecon_tui.export.launch import Drafting, Launch
    from infecon_tui.solve import Answer

RELEASE = "TensorRT-LLM 1.2"
CONFIG = "config.yml"
_CACHES = {"fp8": "fp8", "fp4": "nvfp4"}


def trtllm_launch(answer: Answer) -> str:
    """The configuration file and the command. Raises InfeconError where the point is not whole."""
    part = answer.scenario.hardware
    if part.vendor != "NVIDIA":
        raise InfeconError(
            f"launch: TensorRT-LLM runs on NVIDIA accelerators only, not on {part.id}"
        )
    launch = launch_of(answer)
    config = _config(launch)
    parts = commands_text([_command(launch, config)])
    if config:
        parts = [f"cat > {CONFIG} <<'END'\n{yaml_text(config)}END", *parts]
    return script(launch, RELEASE, _remarks(launch), parts)


def _remarks(launch: Launch) -> list[str]:
    notes = []
    if launch.layout.attention_data > 1:
        notes.append("--max_batch_size is of one data-parallel rank")
    if launch.quantize:
        notes.append(
            f"weights in {launch.quantize} need a checkpoint that has them; put its name in"
        )
    if launch.cache and launch.cache not in _CACHES:
        notes.append(f"TensorRT-LLM keeps no KV cache in {launch.cache}")
    if launch.nodes > 1:
        notes.append("run once over all hosts, by Slurm as here or by mpirun with a host file")
    return notes


def _command(launch: Launch, config: dict[str, Any]) -> Command:
    program: tuple[str, ...] = ("trtllm-serve", launch.model)
    if launch.nodes > 1:
        gpus, nodes = launch.layout.gpus, launch.nodes
        slurm = f"srun -N {nodes} -n {gpus} --ntasks-per-node={gpus // nodes} --mpi=pmix"
        program = (*slurm.split(), "trtllm-llmapi-launch", *program)
    return Command("", program, _flags(launch, config))


def _flags(launch: Launch, config: dict[str, Any]) -> tuple[str, ...]:
    """The tensor parallelism spans the ranks of attention, each of which then has whole attention."""
    layout = launch.layout
    return flags(
        "_",
        tp_size=launch.ranks,
        pp_size=layout.pipeline if layout.pipeline > 1 else None,
        ep_size=layout.expert if layout.expert > 1 else None,
        gpus_per_node=layout.gpus // launch.nodes if launch.nodes > 1 else None,
        max_batch_size=launch.batch_per_rank,
        max_seq_len=launch.max_tokens,
        kv_cache_free_gpu_memory_fraction=launch.memory_share,
        enable_chunked_prefill=True,
        extra_llm_api_options=CONFIG if config else None,
    )


def _config(launch: Launch) -> dict[str, Any]:
    """What only the configuration file can say."""
    config: dict[str, Any] = {}
    if launch.layout.attention_data > 1:
        config["enable_attention_dp"] = True
    if launch.cache in _CACHES:
        config["kv_cache_config"] = {"dtype": _CACHES[launch.cache]}
    if launch.drafting is not None:
        config |= _speculation(launch.drafting)
    return config


def _speculation(drafting: Drafting) -> dict[str, Any]:
    if drafting.kind == "mtp":
        told = {"decoding_type": "MTP", "num_nextn_predict_layers": drafting.tokens}
        return {"speculative_config": told}
    kind = "Draft_Target" if drafting.kind == "draft" else "Eagle3"
    told = {"decoding_type": kind, "max_draft_len": drafting.tokens}
    told["speculative_model"] = drafting.checkpoint
    return {"disable_overlap_scheduler": True, "speculative_config": told}
