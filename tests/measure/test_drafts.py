import pytest
from test_cases import asked

from infecon_tui.cost.predict import predict
from infecon_tui.measure.rows.drafts import UNKNOWN_ACCEPTANCE, UNKNOWN_DRAFTED, acceptance

HEADS = {"model": "deepseek-r1", "gpu": "B200", "weight_bits": 8, "n_gpus": 8, "tp": 8}


def drafting(text, **changes):
    return asked(**HEADS, spec_dec=text, **changes)


def test_what_a_source_leaves_open_is_said():
    question = drafting("MTP")
    assert question.case.drafted == UNKNOWN_DRAFTED
    assert question.case.drafting.acceptance == UNKNOWN_ACCEPTANCE
    assert question.case.drafting.drafter.id.endswith("+mtp")
    assert (
        "3 tokens drafted, not published; 80 % of them accepted, not published" in question.assumed
    )


def test_what_a_source_tells_is_taken():
    question = drafting("MTP8 (mean acceptance length 4.5)")
    assert question.case.drafted == 8
    assert question.case.drafting.expected(8.0) == pytest.approx(4.5)
    assert "not published" not in question.assumed


def test_the_number_of_eagle_is_its_version():
    question = drafting("EAGLE-3")
    assert question.case.drafted == UNKNOWN_DRAFTED
    assert question.case.drafting.drafter.id.endswith("+eagle")


@pytest.mark.parametrize("chance", [0.0, 0.3, 0.85, 1.0])
@pytest.mark.parametrize("drafted", [1, 3, 8])
def test_acceptance_is_found_from_what_a_cycle_makes(chance, drafted):
    made = sum(chance**power for power in range(drafted + 1))
    assert acceptance(made, drafted) == pytest.approx(chance, abs=1e-9)


@pytest.mark.parametrize("purity", ["pure_decode", "serving"])
def test_drafts_that_are_accepted_make_tokens_faster(purity):
    plain = drafting("none", purity=purity, batch_or_concurrency=4)
    some = drafting("MTP", purity=purity, batch_or_concurrency=4)
    poor = drafting("MTP3 (mean acceptance length 1.0)", purity=purity, batch_or_concurrency=4)
    answers = predict([question.case for question in (some, plain, poor)])
    assert answers[0].tpot_s < answers[1].tpot_s < answers[2].tpot_s
    for answer in answers:
        assert sum(answer.causes.values()) == pytest.approx(answer.tpot_s)
        assert sum(answer.operators.values()) == pytest.approx(answer.tpot_s)


def test_a_whole_batch_prefills_all_of_its_prompts():
    plain, some = (
        drafting(text, purity="e2e_batch", batch_or_concurrency=64) for text in ("none", "MTP")
    )
    without, with_drafts = predict([plain.case, some.case])
    assert with_drafts.ttft_s > without.ttft_s


def test_the_drafter_has_its_part_of_the_memory():
    plain, some = predict([drafting(text).case for text in ("none", "MTP")])
    assert some.memory_bytes_per_gpu > plain.memory_bytes_per_gpu
