"""Scenarios to turn the numbers of."""

from infecon_tui.spec.scenario_file import default_scenario, edited

LEVELS = ("toy", "paper", "published", "deployment")
MODELS = (
    "llama-3.1-70b",
    "deepseek-v3",
    "gpt-oss-120b",
    "glm-5.3",
    "kimi-k3",
    "nemotron-ultra-253b",
)


def scenario(model="llama-3.1-70b", fidelity="published", **changes):
    made = edited(edited(default_scenario(), "model", model), "fidelity", fidelity)
    for path, text in changes.items():
        made = edited(made, path.replace("__", "."), text)
    return made


def chat(model="llama-3.1-70b", **changes):
    lengths = {"workload__isl": "2k", "workload__osl": "256"}
    return scenario(model, "deployment", **(lengths | changes))
