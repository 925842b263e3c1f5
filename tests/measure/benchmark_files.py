"""Benchmark files for tests, in the columns of the field."""

import csv

COLUMNS = (
    *("id", "source", "engine", "model", "hf_id", "weight_bits", "act_bits", "kv_bits", "gpu"),
    *("n_gpus", "tp", "pp", "ep", "dp", "batch_or_concurrency", "kind", "isl", "osl", "spec_dec"),
    *(
        "tpot_ms",
        "tok_s_user",
        "tok_s_total",
        "tok_s_per_gpu",
        "notes",
        "itl_ms",
        "e2e_s",
        "purity",
    ),
)
PLAIN = {
    "id": "r1",
    "engine": "vLLM",
    "model": "Llama-3.1-8B-Instruct",
    "weight_bits": "16",
    "gpu": "H100",
    "n_gpus": "1",
    "tp": "1",
    "batch_or_concurrency": "8",
    "kind": "batch",
    "isl": "1000",
    "osl": "200",
    "spec_dec": "none",
    "tpot_ms": "10",
    "purity": "pure_decode",
}


def write(path, rows, columns=COLUMNS):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
