"""`trtllm-serve` for a deployment; options as in TensorRT-LLM 1.2 (commands/serve.py, llmapi/llm_args.py).

Of two spellings the older is written, which releases since 0.18 and later ones both take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infecon_tui.export.launch import launches_of
from infecon_tui.export.script import (
    ADDRESS,
    Command,
    addresses,
    commands_text,
    flags,
    pool_text,
    script,
)
from infecon_tui.spec.write import yaml_text

if TYPE_CHECKING:
    from infecon_tui.export.records import Drafting, Launch
    from infecon_tui.solve import Answer

RELEASE = "TensorRT-LLM 1.2"
PORT = 8001
ROUTER = "router.yml"
_CONFIGS = {"whole": "config.yml", "prefill": "prefill.yml", "decode": "decode.yml"}
_CACHES = {"fp8": "fp8", "fp4": "nvfp4"}


def trtllm_launch(answer: Answer) -> str:
    """The configuration file and the command. Raises InfeconError where the point is not whole."""
    launches = launches_of(answer)
    parts = [part for launch in launches for part in pool_text(launch, _started(launch))]
    return script(launches[-1], RELEASE, _remarks(launches[-1]), [*parts, *_router(*launches)])


def _started(launch: Launch) -> list[str]:
    """The configuration file of an instance, if it has one, and its command."""
    config, name = _config(launch), _CONFIGS[launch.role]
    parts = commands_text([_command(launch, name if config else None)])
    return [_file(name, config), *parts] if config else parts


def _file(name: str, content: dict[str, Any]) -> str:
    return f"cat > {name} <<'END'\n{yaml_text(content)}END"


def _router(first: Launch, second: Launch | None = None) -> list[str]:
    """What stands before two pools."""
    if second is None:
        return []
    told: dict[str, Any] = {"hostname": "localhost", "port": 8000, "backend": "pytorch"}
    for key, launch in (("context_servers", first), ("generation_servers", second)):
        urls = [f"{address}:{PORT}" for address in addresses(launch)]
        told[key] = {"num_instances": launch.instances, "urls": urls}
    command = Command("", ("trtllm-serve", "disaggregated", "-c", ROUTER), ())
    return [f"# before both\n{_file(ROUTER, told)}", command.text]


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


def _command(launch: Launch, config: str | None) -> Command:
    program: tuple[str, ...] = ("trtllm-serve", launch.model)
    if launch.nodes > 1:
        gpus, nodes = launch.layout.gpus, launch.nodes
        slurm = f"srun -N {nodes} -n {gpus} --ntasks-per-node={gpus // nodes} --mpi=pmix"
        program = (*slurm.split(), "trtllm-llmapi-launch", *program)
    return Command("", program, _flags(launch, config))


def _flags(launch: Launch, config: str | None) -> tuple[str, ...]:
    """The tensor parallelism spans the ranks of attention, each of which then has whole attention."""
    layout = launch.layout
    return flags(
        "_",
        tp_size=launch.ranks,
        pp_size=layout.pipeline if layout.pipeline > 1 else None,
        ep_size=layout.expert if layout.expert > 1 else None,
        gpus_per_node=layout.gpus // launch.nodes if launch.nodes > 1 else None,
        max_batch_size=launch.batch_per_rank,
        max_num_tokens=max(launch.step_tokens, launch.batch_per_rank),
        max_seq_len=launch.max_tokens,
        kv_cache_free_gpu_memory_fraction=launch.memory_share,
        enable_chunked_prefill=True,
        extra_llm_api_options=config,
        host=None if launch.role == "whole" else ADDRESS,
        port=None if launch.role == "whole" else PORT,
    )


def _config(launch: Launch) -> dict[str, Any]:
    """What only the configuration file can say."""
    config: dict[str, Any] = {}
    if launch.layout.attention_data > 1:
        config["enable_attention_dp"] = True
    if launch.cache in _CACHES:
        config["kv_cache_config"] = {"dtype": _CACHES[launch.cache]}
    if launch.role != "whole":
        told = {"backend": "DEFAULT", "max_tokens_in_buffer": launch.max_tokens}
        config["cache_transceiver_config"] = told
    if launch.role == "prefill":
        config["disable_overlap_scheduler"] = True
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
