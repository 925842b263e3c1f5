import re
from pathlib import Path

import pytest

from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.measure.rows.names import TABLE, Names
from infecon_tui.measure.rows.spellings import model_key, part_name
from infecon_tui.spec.library import ids, load
from infecon_tui.spec.nodes import Mapping, parse_yaml
from infecon_tui.workload.transformer import Transformer

MODELS = [name for name in ids(Transformer) if "/" not in name]
PARTS = [name for name in ids(Accelerator) if "/" not in name]
SPECS = Path(__file__).parents[2] / "specs"


@pytest.fixture(scope="module")
def names():
    return Names()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_the_catalogue_is_found_as_sources_spell_it(names, name):
    title = load(Transformer, name).name
    for text in (
        *(name, name.upper(), name.replace("-", "_"), name.replace("-", " ")),
        *(f"someone/{name}", f"nvidia/{name}-FP8", f"{name}-Instruct-NVFP4", f"{name}-FP8-dynamic"),
        *(title, title.replace("-", " ")),
    ):
        assert names.model(text) == name, text


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_found_by_the_repository_its_dimensions_come_from(names, name):
    text = (SPECS / "models" / f"{name}.yaml").read_text()
    for repository in set(re.findall(r"layers: HF ([\w.-]+/[\w.-]+\w)", text)):
        assert names.model(repository) == name


@pytest.mark.parametrize("name", PARTS)
def test_an_accelerator_of_the_catalogue_is_found_as_sources_spell_it(names, name):
    part = load(Accelerator, name)
    for text in (
        name,
        name.upper(),
        name.replace("-", " "),
        part.name,
        f"{part.vendor} {part.name}",
    ):
        assert names.accelerator(text) == name, text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("H100", "h100-sxm"),
        ("NVIDIA H100-SXM-80GB", "h100-sxm"),
        ("H100 80GB HBM3", "h100-sxm"),
        ("H100-SXM 80GB (GCP a3-highgpu-1g)", "h100-sxm"),
        ("NVIDIA H100-PCIe-80GB", "h100-pcie"),
        ("NVIDIA H100-NVL-94GB", "h100-nvl"),
        ("H100-NVL-47GB", None),
        ("DGX Spark (GB10)", "dgx-spark-gb10"),
        ("AMD Instinct MI355X-288GB", "mi355x"),
        ("NVIDIA GH200-GraceHopper-Superchip-96GB", "gh200-96gb"),
        ("A100-SXM4-40GB", "a100-sxm-40gb"),
        ("Gaudi 2", "gaudi2"),
        ("Intel HL-225H", "gaudi2"),
        ("NVIDIA DGX Spark", "dgx-spark-gb10"),
        ("M4 Max", "apple-m4-max"),
        ("H200 NVL", "h200-nvl"),
        ("NVIDIA H200-NVL-141GB", "h200-nvl"),
        ("GH200", "gh200-96gb"),
        ("NVIDIA GH200-GraceHopper-Superchip-480GB", "gh200-96gb"),
        ("NVIDIA GH200-GraceHopper-Superchip-144GB", "gh200-144gb"),
        ("GH200 144GB HBM3e", "gh200-144gb"),
        ("Intel PVC", "max-1550"),
        ("Intel Max 1550", "max-1550"),
        ("SN40L", "sn40l"),
        ("Intel Arc Pro B60 24GB", "arc-pro-b60"),
        ("[MAXSUN] MS-Intel Arc Pro B60 Dual 48G Turbo", None),
        ("NVIDIA RTX A6000", "rtx-a6000"),
        ("RTX 6000 Ada", "rtx-6000-ada"),
        ("Huawei Ascend 910B", "ascend-910b"),
        ("M3 Ultra", "apple-m3-ultra"),
        ("NVIDIA H200-SXM-141GB", "h200-sxm"),
        ("A100", "a100-sxm-80gb"),
        ("A100-SXM-64GB", None),
        ("B200 (HGX)", "b200-sxm"),
        ("NVIDIA B200-SXM-180GB", "b200-sxm"),
        ("B200 192GB", "b200-sxm"),
        ("NVIDIA B300-SXM-270GB", "b300-sxm"),
        ("B300", "b300-sxm"),
        ("NVIDIA GB200", "gb200-nvl72"),
        ("GB200 NVL72 192GB", "gb200-nvl72"),
        ("GB300", "gb300-nvl72"),
        ("GB200 NVL4", None),
        ("AMD Instinct MI300X-NPS1-SPX-192GB-750W", "mi300x"),
        ("AMD Instinct MI300X 192GB HBM3", "mi300x"),
        ("RTX PRO 6000 Blackwell Workstation", "rtx-pro-6000-workstation"),
        ("RTX PRO 6000 Blackwell Max-Q Workstation Edition", "rtx-pro-6000-max-q"),
        ("NVIDIA RTX PRO 6000 Blackwell Server Edition", "rtx-pro-6000-blackwell"),
        ("MI250X (1 GCD)", "mi250-gcd"),
        ("MI250", "mi250-gcd"),
        ("Apple M4 Max 64GB", "apple-m4-max-64gb"),
        ("L40S 48GB", "l40s"),
        ("L40", None),
        ("TPU v5e", "tpu-v5e"),
        ("Trn2", "trainium2"),
        ("", None),
        ("paper/H100", "paper/H100"),
    ],
)
def test_parts_are_not_taken_for_their_variants(names, text, found):
    assert names.accelerator(text) == found


def test_a_source_s_own_machines(names):
    source = "Argonne LLM-Inference-Bench All_results.csv"
    assert names.accelerator("A100", source) == "a100-sxm-40gb"
    assert names.accelerator("A100 80GB", source) == "a100-sxm-80gb"
    assert names.accelerator("A100", "another") == names.accelerator("A100") == "a100-sxm-80gb"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("meta-llama/Meta-Llama-3.1-8B-Instruct", "llama-3.1-8b"),
        ("nvidia/DeepSeek-R1-0528-NVFP4-v2", "deepseek-r1"),
        ("deepseek-ai/DeepSeek-V3-0324", "deepseek-v3"),
        ("DeepSeek-V3/R1", "deepseek-r1"),
        ("Qwen/Qwen3-235B-A22B-Thinking-2507-FP8", "qwen3-235b-a22b"),
        ("Qwen 3 VL 235B A22B Instruct FP8", "qwen3-235b-a22b"),
        ("moonshotai/Kimi-K2-Thinking", "kimi-k2-thinking"),
        ("moonshotai/Kimi-K2-Instruct-0905", "kimi-k2"),
        ("unsloth/Llama-3_3-Nemotron-Super-49B-v1_5", "nemotron-super-49b"),
        ("GPT OSS 120B", "gpt-oss-120b"),
        ("TheBloke/Llama-2-70B-Chat-GPTQ", "llama-2-70b"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-14B", "qwen2.5-14b"),
        ("Qwen3-4B-Instruct-2507", "qwen3-4b"),
        ("BAAI/Aquila-7B", "aquila-7b"),
        ("Aquila2-34B", None),
        ("Inkling (NVFP4)", "inkling-975b"),
        ("zai-org/GLM-4.6-FP8", "glm-4.6"),
        ("Qwen/Qwen3.6-35B-A3B", "qwen3.5-35b-a3b"),
        ("nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4", "nemotron-3-nano-30b-a3b"),
        ("bigcode/starcoder2-15b", "starcoder2-15b"),
        ("bigscience/bloom-7b1", "bloom-7b1"),
        ("lmsys/vicuna-33b-v1.3", "llama-30b"),
        ("mistralai/Devstral-Small-2-24B-Instruct-2512", "mistral-small-3-24b"),
        ("ai21labs/AI21-Jamba-Large-1.5", "jamba-1.5-large-398b"),
        ("deepseek-ai/DeepSeek-Coder-V2-Lite-Instruct", "deepseek-v2-lite"),
        ("google/gemma-4-E4B-it", "gemma-4-e4b"),
        ("DeepSeek-V4.1-Flash", None),
        ("Gemma 3 12B", "gemma-3-12b"),
        ("Llama-3", None),
        ("", None),
    ],
)
def test_models_are_not_taken_for_their_relatives(names, text, found):
    assert names.model(text) == found


def test_the_table_names_only_what_is_there_and_what_is_needed(names):
    table = parse_yaml(TABLE.read_text(), TABLE.name)
    for section, known in (("models", MODELS), ("accelerators", PARTS)):
        node = table.get(section)
        assert isinstance(node, Mapping)
        for _, target in node.items:
            assert target.text in known, target.text


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("vLLM 0.4.3+rocm614", "vllm"),
        ("dynamo-sglang", "sglang"),
        ("TensorRT(-LLM)", "trtllm"),
        ("dynamo-trt", "trtllm"),
        ("NIM (TensorRT-LLM)", "trtllm"),
        ("LMDeploy TurboMind", "lmdeploy"),
        ("gpt-fast (torch.compile)", "other"),
        ("", "other"),
    ],
)
def test_engines_by_family(names, text, family):
    assert names.engine(text) == family


def test_keys_and_pieces():
    assert model_key("Qwen/Qwen3-235B-A22B-Instruct-2507-FP8").endswith("qwen3235ba22b")
    part = part_name("NVIDIA GH200-GraceHopper-Superchip-480GB")
    assert "gh200" in part.words
    assert part.memory_gb is None


def test_accelerators_that_are_not_there_get_a_hint(names):
    assert "h100" in names.near_accelerator("h100-sxn")
