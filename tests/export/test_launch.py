"""Launch commands: the flags of a deployment, and what they say of it."""

import re
import shlex
import shutil
import subprocess

import pytest
import yaml

from infecon_tui.errors import InfeconError
from infecon_tui.export import engine_of, for_engine, launch_text
from infecon_tui.export.launch import launch_of, launches_of, nodes_of
from infecon_tui.solve import solve
from infecon_tui.spec.library import ids
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.workload.transformer import Transformer

LAYOUT = {"layout.gpus": "16", "layout.tp": "4", "layout.dp": "4", "layout.ep": "16"}
ENGINES = ("vllm", "sglang", "trtllm")


def deployed(model="llama-3.1-70b", hardware="h100-sxm", **changes):
    scenario = edited(default_scenario(model, hardware), "fidelity", "deployment")
    for path, value in changes.items():
        scenario = edited(scenario, path, value)
    return scenario


def text_of(scenario, engine="vllm"):
    return launch_text(solve(for_engine(scenario, engine)), engine)


def commands(text):
    """The words of every command of a script."""
    bare = re.sub(r"cat > \w+.yml <<'END'\n.*?END\n", "", text, flags=re.DOTALL)
    lines = bare.replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line and not line.startswith("#")]


def options(words):
    """Flag to value; True for a bare one."""
    found = {}
    for index, word in enumerate(words):
        if word.startswith("--"):
            after = words[index + 1] if index + 1 < len(words) else "--"
            found[word] = True if after.startswith("--") else after
    return found


def test_vllm_on_one_host():
    scenario = deployed(**{"layout.gpus": "8", "layout.tp": "8", "layout.batch": "64"})
    (words,) = commands(text_of(edited(scenario, "workload.context", "2000")))
    assert words[:3] == ["vllm", "serve", "meta-llama/Llama-3.1-70B-Instruct"]
    assert options(words) == {
        "--tensor-parallel-size": "8",
        "--max-num-seqs": "64",
        "--max-num-batched-tokens": "8192",
        "--max-model-len": "2048",
        "--gpu-memory-utilization": "0.9",
        "--enable-chunked-prefill": True,
    }


def test_vllm_over_two_hosts_with_data_parallel_attention():
    text = text_of(deployed("deepseek-v3", **LAYOUT, **{"layout.batch": "65"}))
    first, second = commands(text)
    said = options(first)
    assert said["--tensor-parallel-size"] == "4"
    assert said["--data-parallel-size"] == "4"
    assert said["--enable-expert-parallel"] is True
    assert "--quantization" not in said
    assert said["--max-num-seqs"] == "17"
    assert said["--nnodes"] == "2"
    assert "--headless" not in said
    assert options(second) == {**said, "--node-rank": "1", "--headless": True}


def test_sglang_counts_attention_ranks_inside_its_tensor_parallelism():
    text = text_of(deployed("deepseek-v3", **LAYOUT, **{"layout.batch": "64"}), "sglang")
    first, second = commands(text)
    said = options(first)
    assert first[:3] == ["python", "-m", "sglang.launch_server"]
    assert said["--model-path"] == "deepseek-ai/DeepSeek-V3"
    assert (said["--tp-size"], said["--attn-dp-size"], said["--ep-size"]) == ("16", "4", "16")
    assert said["--max-running-requests"] == "64"
    assert (said["--nnodes"], said["--node-rank"]) == ("2", "0")
    assert options(second)["--node-rank"] == "1"
    assert "--dp-size 4 --enable-dp-attention" in text


def test_trtllm_puts_the_rest_into_its_configuration_file():
    changes = {**LAYOUT, "layout.tp": "1", "layout.dp": "16", "layout.batch": "64"}
    changes |= {"model.precision.kv_cache": "fp8"}
    text = text_of(deployed("deepseek-v3", **changes), "trtllm")
    (words,) = commands(text)
    said = options(words)
    assert words[:5] == ["srun", "-N", "2", "-n", "16"]
    assert "trtllm-llmapi-launch" in words
    assert (said["--tp_size"], said["--ep_size"], said["--gpus_per_node"]) == ("16", "16", "8")
    assert said["--max_batch_size"] == "4"
    config = yaml.safe_load(re.search(r"<<'END'\n(.*?)END", text, re.DOTALL)[1])
    assert config == {"enable_attention_dp": True, "kv_cache_config": {"dtype": "fp8"}}
    assert said["--extra_llm_api_options"] == "config.yml"


@pytest.mark.parametrize("engine", ENGINES)
def test_more_than_two_hosts_share_a_command(engine):
    text = text_of(deployed("llama-3.1-405b", "gb200-nvl72", **{"layout.gpus": "16"}), engine)
    found = commands(text)
    assert len(found) == (1 if engine == "trtllm" else 2)
    if engine == "trtllm":
        assert "--ntasks-per-node=4" in found[0]
    else:
        assert options(found[0])["--node-rank"] == "0"
        assert options(found[1])["--node-rank"] == "$RANK"
        assert options(found[1])["--nnodes"] == "4"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_script_is_one_to_the_shell(engine):
    if not shutil.which("bash"):
        pytest.skip("no bash")
    changes = {**LAYOUT, "speculation.draft": "deepseek-v2", "model.precision.kv_cache": "fp8"}
    changes |= {"layout.tp": "1", "layout.dp": "16"}
    for scenario in (deployed("deepseek-v3", **changes), pooled()):
        text = text_of(scenario, engine)
        done = subprocess.run(
            ["bash", "-n"], input=text, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_memory_and_chunks_are_those_of_the_scenario():
    scenario = deployed(**{"layout.memory_utilization": "0.95", "layout.chunk": "4096"})
    said = options(commands(text_of(scenario))[0])
    assert said["--gpu-memory-utilization"] == "0.95"
    assert said["--max-num-batched-tokens"] == "4096"
    said = options(commands(text_of(scenario, "sglang"))[0])
    assert (said["--mem-fraction-static"], said["--chunked-prefill-size"]) == ("0.95", "4096")
    said = options(commands(text_of(scenario, "trtllm"))[0])
    assert said["--kv_cache_free_gpu_memory_fraction"] == "0.95"
    assert said["--max_num_tokens"] == "4096"


def pooled(**changes):
    lengths = {"workload.isl": "4000", "workload.osl": "400", "layout.pools": "two"}
    return deployed(**lengths, **changes, **{"goal.gpus_at_hand": "16"})


def test_two_pools_are_started_apart_and_joined_by_a_proxy():
    answer = solve(pooled())
    points, at = answer.points, answer.chosen
    first, second = launches_of(answer)
    assert (first.role, second.role) == ("prefill", "decode")
    assert first.instances * first.layout.gpus + second.instances * second.layout.gpus == int(
        points.gpus[at]
    )
    assert second.batch * second.instances == int(points.batch[at])
    prefill, decode, proxy = commands(text_of(pooled()))
    assert prefill[0] == decode[0] == "VLLM_NIXL_SIDE_CHANNEL_HOST=$HOST"
    assert yaml.safe_load(options(prefill)["--kv-transfer-config"])["kv_role"] == "kv_producer"
    assert yaml.safe_load(options(decode)["--kv-transfer-config"])["kv_role"] == "kv_consumer"
    assert options(decode)["--max-num-seqs"] == str(second.batch)
    hosts = proxy[proxy.index("--prefiller-hosts") + 1 : proxy.index("--prefiller-ports")]
    assert len(hosts) == first.instances


def test_two_pools_of_the_other_engines():
    first, second = launches_of(solve(for_engine(pooled(), "sglang")))
    prefill, decode, router = commands(text_of(pooled(), "sglang"))
    assert options(prefill)["--disaggregation-mode"] == "prefill"
    assert options(decode)["--disaggregation-mode"] == "decode"
    assert (router.count("--prefill"), router.count("--decode")) == (
        first.instances,
        second.instances,
    )
    text = text_of(pooled(), "trtllm")
    prefill, decode, router = commands(text)
    assert options(prefill)["--extra_llm_api_options"] == "prefill.yml"
    assert router == ["trtllm-serve", "disaggregated", "-c", "router.yml"]
    told = re.search(r"router.yml <<'END'\n(.*?)END", text, re.DOTALL)[1]
    servers = yaml.safe_load(told)["context_servers"]
    assert servers["num_instances"] == len(servers["urls"])
    prefill = yaml.safe_load(re.search(r"prefill.yml <<'END'\n(.*?)END", text, re.DOTALL)[1])
    assert prefill["disable_overlap_scheduler"] is True
    assert prefill["cache_transceiver_config"]["max_tokens_in_buffer"] >= 4000


def test_lengths_of_prompt_and_output_make_the_longest_sequence():
    scenario = deployed(**{"workload.isl": "4000", "workload.osl": "200"})
    assert options(commands(text_of(scenario))[0])["--max-model-len"] == "4224"
    assert "mean ISL + OSL" in text_of(scenario)
    assert "made for 131072" in text_of(deployed(**{"workload.context": "200k"}))


def test_a_draft_is_handed_to_every_engine():
    changes = {"speculation.draft": "llama-3.1-8b", "speculation.draft_tokens": "3-4"}
    scenario = deployed(**changes, **{"layout.gpus": "8"})
    said = options(commands(text_of(scenario))[0])
    spoken = yaml.safe_load(said["--speculative-config"])
    name = "meta-llama/Llama-3.1-8B-Instruct"
    answer = solve(scenario)
    tokens = int(answer.points.draft_tokens[answer.chosen])
    assert tokens in (3, 4)
    assert spoken == {"method": "draft_model", "model": name, "num_speculative_tokens": tokens}
    said = options(commands(text_of(scenario, "sglang"))[0])
    assert said["--speculative-draft-model-path"] == name
    assert said["--speculative-num-draft-tokens"] == str(tokens + 1)
    assert f"speculative_model: {name}" in text_of(scenario, "trtllm")


def test_heads_are_handed_to_every_engine():
    own = deployed(**{"speculation.heads": "mtp", "speculation.draft_tokens": "2-2"})
    spoken = yaml.safe_load(options(commands(text_of(own))[0])["--speculative-config"])
    assert spoken == {"method": "mtp", "num_speculative_tokens": 2}
    said = options(commands(text_of(own, "sglang"))[0])
    assert said["--speculative-algorithm"] == "EAGLE"
    assert "--speculative-draft-model-path" not in said
    assert "num_nextn_predict_layers: 2" in text_of(own, "trtllm")
    beside = deployed(**{"speculation.heads": "eagle", "speculation.draft_tokens": "2-2"})
    spoken = yaml.safe_load(options(commands(text_of(beside))[0])["--speculative-config"])
    assert spoken == {"method": "eagle", "model": "EAGLE_HEAD", "num_speculative_tokens": 2}
    assert "# EAGLE_HEAD: an EAGLE head trained for this model" in text_of(beside)


def test_what_does_not_pay_is_not_launched():
    never = deployed(**{"speculation.draft": "llama-3.1-8b", "speculation.acceptance": "0 %"})
    assert "--speculative-config" not in text_of(never)
    assert "# nothing drafts: the point is better without" in text_of(never)


def test_formats_are_asked_for_only_where_the_checkpoint_has_others():
    as_is = options(commands(text_of(deployed()))[0])
    assert not {"--quantization", "--kv-cache-dtype"} & as_is.keys()
    eight = deployed(**{"model.precision.weights": "fp8", "model.precision.kv_cache": "fp8"})
    said = options(commands(text_of(eight))[0])
    assert (said["--quantization"], said["--kv-cache-dtype"]) == ("fp8", "fp8")
    assert options(commands(text_of(eight, "sglang"))[0])["--kv-cache-dtype"] == "fp8_e4m3"
    assert "weights in fp8 need a checkpoint" in text_of(eight, "trtllm")
    four = deployed(**{"model.precision.weights": "int4"})
    assert "--quantization" not in options(commands(text_of(four))[0])
    assert "# weights in int4 need a checkpoint" in text_of(four)


def test_a_model_without_a_named_checkpoint_is_a_placeholder():
    text = text_of(deployed("gpt3-175b"))
    assert commands(text)[0][2] == "MODEL"
    assert "# MODEL: the spec of gpt3-175b names no checkpoint" in text


def test_hosts_hold_what_they_hold():
    scenario = deployed()
    assert [nodes_of(scenario, gpus) for gpus in (1, 8, 9, 12, 16, 20)] == [1, 1, 3, 2, 2, 4]
    assert nodes_of(deployed(hardware="gb200-nvl72"), 72) == 18
    assert nodes_of(deployed(hardware="mi300x"), 8) == 1


def test_nothing_is_rounded_at_the_paper_s_fidelities():
    with pytest.raises(InfeconError, match="choose the deployment fidelity, or whole GPUs"):
        launch_of(solve(default_scenario()))
    whole = edited(edited(default_scenario(), "layout.whole", "yes"), "layout.pipeline", "no")
    launch = launch_of(solve(whole))
    assert launch.layout.tensor == launch.layout.gpus
    assert any("does not know what engines can run" in note for note in launch.remarks)


def test_nothing_is_launched_where_nothing_fits():
    with pytest.raises(InfeconError, match=r"launch: .*fit"):
        launch_of(solve(deployed("llama-3.1-405b", **{"layout.gpus": "1"})))


def test_engines_by_name_family_and_not_at_all():
    assert engine_of(deployed()) == "vllm"
    assert engine_of(deployed(engine="vllm-waiting")) == "vllm"
    assert engine_of(deployed(), "sglang") == "sglang"
    with pytest.raises(InfeconError, match=r"vllm \| sglang \| trtllm"):
        engine_of(deployed(engine="lmdeploy"))
    assert "# computed for SGLang before 0.5.10" in text_of(
        deployed(engine="sglang-early"), "sglang"
    )
    older = text_of(deployed(engine="vllm-waiting"))
    assert "# computed for vLLM 0.6 to 0.13" in older
    with pytest.raises(InfeconError, match="TensorRT-LLM runs on accelerators of NVIDIA only"):
        text_of(deployed(hardware="mi300x"), "trtllm")


def test_most_models_of_the_catalogue_name_their_checkpoint():
    from infecon_tui.export.launch import PLACEHOLDER, repository
    from infecon_tui.spec.library import load

    names = [name for name in ids(Transformer) if not name.startswith("paper/")]
    unknown = [name for name in names if repository(load(Transformer, name))[0] == PLACEHOLDER]
    assert len(unknown) < len(names) / 10, unknown
