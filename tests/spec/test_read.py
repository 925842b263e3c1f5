"""Bad input: every way in which a file can be wrong gets one clear message."""

import os
import re
import stat
from pathlib import Path

import pytest

from infecon_tui.errors import InfeconError, SpecError
from infecon_tui.hardware.accelerator import Accelerator
from infecon_tui.spec.library import ids, load
from infecon_tui.spec.nodes import parse_yaml, read_text
from infecon_tui.spec.place import is_file, place
from infecon_tui.spec.read import record_of
from infecon_tui.spec.scenario_file import load_scenario
from infecon_tui.workload.transformer import Transformer

HARDWARE = """\
schema: infecon/hardware/1
hbm: {capacity: 80 GB, bandwidth: 3.35 TB/s}
arithmetic: {bf16: 989 TFLOP/s}
scale_up: {kind: switched, link: 450 GB/s, domain: 8}
"""
MODEL = """\
schema: infecon/model/1
d_model: 4096
vocab: 32000
layers:
- count: 32
  attention: {kind: gqa, heads: 32, kv_heads: 8, d_head: 128}
  feed_forward: {kind: moe, experts: 8, active_experts: 2, d_ff: 14336}
"""
MODELS = (
    *(
        "deepseek-v4.1-flash",
        "hy4-preview-770b",
        "palm-62b",
        "gpt-4",
        "gemma-4-12b",
        "inkling-small",
    ),
    *("muse-glimmer-30b", "decilm-7b", "phi-3-small"),
)
PARTS = ("mi308x", "tpu-8t", "tpu-8i", "groq-lpu-v1", "groq-3-lp30", "cerebras-wse3")


def complaint(tmp_path, text, cls=Accelerator, name="part.yaml"):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(SpecError) as caught:
        load(cls, str(path))
    return str(caught.value).replace(str(path), name)


def test_a_good_file_is_read(tmp_path):
    (tmp_path / "part.yaml").write_text(HARDWARE)
    part = load(Accelerator, str(tmp_path / "part.yaml"))
    assert part.hbm.bandwidth_Bps == 3.35e12
    assert part.id == "part"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "bandwidth:",
            "bandwith:",
            "part.yaml:2: hbm.bandwith: no such key; did you mean 'bandwidth'?",
        ),
        (
            "3.35 TB/s",
            "3.35 TB",
            'part.yaml:2: hbm.bandwidth: expected a quantity in B/s, such as "3.35 TB/s", '
            "found '3.35 TB'",
        ),
        (
            "3.35 TB/s",
            "3350 Gb/s",
            "part.yaml:2: hbm.bandwidth: '3350 Gb/s' is in bits; this is given in bytes, such as "
            "'3.35 TB/s'",
        ),
        (
            "3.35 TB/s",
            "3350 gb/s",
            "part.yaml:2: hbm.bandwidth: '3350 gb/s' is ambiguous: write GB/s for bytes or Gb/s "
            "for bits",
        ),
        (
            "3.35 TB/s",
            "-3.35 TB/s",
            "part.yaml:2: hbm.bandwidth: must be above 0 B/s, found -3.35 TB/s",
        ),
        ("3.35 TB/s", ".nan", "part.yaml:2: hbm.bandwidth: expected a quantity in B/s"),
        ("3.35 TB/s", ".inf", "part.yaml:2: hbm.bandwidth: expected a quantity in B/s"),
        ("3.35 TB/s", "9" * 400 + " TB/s", "is too large"),
        ("3.35 TB/s", "[1, 2]", "part.yaml:2: hbm.bandwidth: expected one value, found a list"),
        ("80 GB", "", "part.yaml:2: hbm.capacity: expected one value, found nothing"),
        (
            "kind: switched",
            "kind: swtched",
            "part.yaml:4: scale_up: expected kind: switched | mesh | torus | pcie, found "
            "'swtched'; did you mean 'switched'?",
        ),
        ("domain: 8", "domain: 8.5", "part.yaml:4: scale_up.domain: expected a whole number"),
        (
            "domain: 8",
            "link: 1 GB/s",
            "part.yaml:4: scale_up.link: is given twice, first on line 4",
        ),
        ("capacity: 80 GB, ", "", "part.yaml:2: hbm.capacity: is missing"),
        ("hardware/1", "hardware/9", "part.yaml:1: schema: expected 'infecon/hardware/1', found"),
        ("schema: infecon/hardware/1\n", "", "part.yaml:1: schema: expected 'infecon/hardware/1'"),
        ("80 GB", "!!python/object/apply:os.system [ls]", "YAML tags are not allowed"),
        ("80 GB", "!!binary aGk=", "YAML tags are not allowed"),
        ("80 GB", "{", "not YAML"),
        ("80 GB", "*other", "not YAML"),
    ],
)
def test_one_fault_gets_one_line(tmp_path, old, new, message):
    assert old in HARDWARE
    said = complaint(tmp_path, HARDWARE.replace(old, new))
    assert message in said
    assert len(said.splitlines()) == 1


def test_every_fault_is_told_at_once(tmp_path):
    text = HARDWARE.replace("bandwidth:", "bandwith:").replace("989 TFLOP/s", "989 kg")
    text += "launch: -4 us\ncolour: blue\n"
    lines = complaint(tmp_path, text).splitlines()
    assert [line.split(":")[1] for line in lines] == ["2", "3", "5", "6"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kv_heads: 8", "kv_heads: 5", "heads (32) is not divisible by kv_heads (5)"),
        ("experts: 8,", "experts: 1,", "active_experts (2) is more than experts (1)"),
        ("heads: 32", "heads: 0", "layers.0.attention.heads: must be at least 1, found 0"),
        ("count: 32", "count: -1", "layers.0.count: must be at least 1, found -1"),
        ("vocab: 32000", "vocab: 1e300", ""),
    ],
)
def test_numbers_that_contradict_each_other(tmp_path, old, new, message):
    text = MODEL.replace(old, new)
    if message:
        assert message in complaint(tmp_path, text, Transformer)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "part.yaml: is empty"),
        ("# nothing\n", "part.yaml: is empty"),
        ("just words", "part.yaml:1: expected keys and values, found 'just words'"),
        ("- a\n- b\n", "part.yaml:1: expected keys and values, found a list"),
        ("é: a\nb: \x1b[31m\n", "part.yaml:2: not YAML: character #x001b is not allowed"),
        ('schema: "\\e[31m"\n', "found '\\x1b[31m'"),
        ("a: [", "not YAML"),
        ("a: b\n\tc: d\n", "part.yaml:2: not YAML"),
        ("? [a, b]\n: c\n", "part.yaml:1: a key must be a word"),
        ("a: " + "[" * 100 + "]" * 100, "is nested too deeply"),
        ("a: " + "[" * 5000 + "]" * 5000, "is nested too deeply"),
        ("a: b\n---\nc: d\n", "not YAML"),
        ("schema: \x00", "part.yaml:1: not YAML: character #x0000 is not allowed"),
    ],
)
def test_files_that_are_not_specs(tmp_path, text, message):
    said = complaint(tmp_path, text)
    assert message in said
    assert len(said.splitlines()) == 1


def test_aliases_cannot_be_made_to_explode():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for this, last in zip("bcdefgh", "abcdefg", strict=True):
        bomb += f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]\n"
    with pytest.raises(SpecError, match="more than 50000 values"):
        parse_yaml(bomb, "bomb.yaml")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SpecError, match=r"gone\.yaml: no such file"):
        load(Accelerator, str(tmp_path / "gone.yaml"))


def test_a_directory(tmp_path):
    with pytest.raises(SpecError, match="is a directory; expected a file"):
        read_text(tmp_path)


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(SpecError, match="is 50 MB; at most 1 MB are read"):
        read_text(path)


def test_a_file_without_an_end_is_not_read_to_it():
    with pytest.raises(SpecError, match="at most 1 MB are read"):
        read_text(Path("/dev/zero"))


def test_bytes_that_are_not_text(tmp_path):
    path = tmp_path / "noise.yaml"
    path.write_bytes(b"a: \xff\xfe")
    with pytest.raises(SpecError, match=r"is not text in UTF-8 \(byte 3\)"):
        read_text(path)


def test_no_permission(tmp_path, monkeypatch):
    path = tmp_path / "secret.yaml"
    path.write_text(HARDWARE)
    path.chmod(stat.S_IWUSR)
    if os.access(path, os.R_OK):  # root may read everything, so the system's answer is played back

        def refuse(_self, _mode):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(SpecError, match=r"secret\.yaml: permission denied"):
        read_text(path)


@pytest.mark.parametrize(
    ("cls", "name", "message"),
    [
        (Transformer, "llama-3.1-70", "no model 'llama-3.1-70'; did you mean 'llama-3.1-70b'?"),
        (Transformer, "\x1b[31mred", r"no model '\x1b[31mred'"),
        (Transformer, "y" * 200, f"no model '{'y' * 60}…'"),
        (Accelerator, "h100-smx", "no hardware 'h100-smx'; did you mean 'h100-sxm'?"),
        (Accelerator, "", "no such file|is a directory"),
    ],
)
def test_an_id_that_is_not_there_gets_the_nearest(cls, name, message):
    with pytest.raises(InfeconError) as caught:
        load(cls, name)
    assert any(part in str(caught.value) for part in message.split("|"))


def test_what_is_known_and_has_no_spec_says_why_and_names_one_that_loads():
    for cls, kind, names in ((Transformer, "model", MODELS), (Accelerator, "hardware", PARTS)):
        for name in names:
            with pytest.raises(InfeconError) as caught:
                load(cls, name.upper())
            said = str(caught.value)
            found = re.fullmatch(rf"no {kind} '{name.upper()}': [^;]+; the nearest is '(.+)'", said)
            assert found, said
            load(cls, found[1])


def test_a_user_spec_takes_the_place_of_a_shipped_one(tmp_path, monkeypatch):
    monkeypatch.setenv("INFECON_SPECS", str(tmp_path))
    (tmp_path / "hardware").mkdir()
    (tmp_path / "hardware" / "h100-sxm.yaml").write_text(HARDWARE.replace("3.35", "9.99"))
    assert load(Accelerator, "h100-sxm").hbm.bandwidth_Bps == 9.99e12


def test_records_are_not_made_from_lists():
    with pytest.raises(SpecError, match="hbm: expected keys and values, found a list"):
        text = HARDWARE.replace("{capacity: 80 GB, bandwidth: 3.35 TB/s}", "[1]").split("\n", 1)[1]
        record_of(Accelerator, parse_yaml(text, "x.yaml"), "x.yaml", {"id": "x"})


@pytest.mark.parametrize(
    "name", ["x" * 5000, "~nobody-of-that-name/x.yaml", "a\0b.yaml", "\ud800.yaml"]
)
def test_names_that_can_be_no_path_are_a_mistake(name):
    with pytest.raises(InfeconError):
        load(Transformer, name)
    with pytest.raises(InfeconError):
        load_scenario(name)


def test_a_file_whose_name_a_terminal_would_obey_has_no_id(tmp_path, monkeypatch):
    monkeypatch.setenv("INFECON_SPECS", str(tmp_path))
    (tmp_path / "hardware").mkdir()
    odd = tmp_path / "hardware" / "odd\x1b[31m.yaml"
    odd.write_text(HARDWARE)
    assert not [name for name in ids(Accelerator) if "odd" in name]
    assert load(Accelerator, str(odd)).id == "odd\\x1b[31m"


def test_a_folder_that_may_not_be_searched_has_no_file(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refused)
    with pytest.raises(InfeconError, match="permission denied"):
        place("closed/x.yaml")
    assert not is_file(tmp_path / "x.yaml")
