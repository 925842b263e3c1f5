import pytest
from hypothesis import given
from hypothesis import strategies as st

from infecon_tui.knobs import at, leaves
from infecon_tui.spec.scenario_file import default_scenario, edited
from infecon_tui.values import value_of
from infecon_tui.view.editor.steps import choices_of, steps_of

SCENARIO = default_scenario("paper/Llama_3_70B_8_bit", "paper/H100")


def stepped(path, way=1, scenario=SCENARIO):
    knob = at(scenario, path)
    return value_of(knob.slot, steps_of(knob)[way])


@pytest.mark.parametrize(
    ("path", "way", "value"),
    [
        ("hardware.hbm.bandwidth", 1, 5e12),
        ("hardware.hbm.bandwidth", 0, 3e12),
        ("hardware.hbm.bandwidth", 3, 3.3e13),
        ("hardware.hbm.efficiency", 1, 0.76),
        ("hardware.hbm.efficiency", 2, 0.65),
        ("model.layers.count", 1, 81),
        ("model.layers.attention.heads", 1, 128),
        ("model.d_model", 0, 4096),
        ("layout.gpus", 1, 1.0),
        ("workload.demand", 1, 10_000.0),
        ("goal.exponent", 0, 2.5),
    ],
)
def test_steps_go_where_a_person_expects(path, way, value):
    assert stepped(path, way) == pytest.approx(value)


def test_the_lowest_step_of_an_optional_value_is_its_word():
    one = edited(SCENARIO, "layout.gpus", "1")
    down = stepped("layout.gpus", 0, one)
    assert down == 0.5
    assert steps_of(at(SCENARIO, "layout.gpus"))[0] is None


def test_choices_go_round():
    assert stepped("fidelity", 1) == "deployment"
    assert choices_of(at(SCENARIO, "layout.pipeline")) == ("yes", "no")


@given(st.sampled_from(leaves(SCENARIO)), st.integers(0, 3))
def test_every_step_is_allowed_and_moves(knob, way):
    text = steps_of(knob)[way]
    if text is not None:
        assert value_of(knob.slot, text) != knob.value or choices_of(knob)


@given(st.sampled_from(leaves(SCENARIO)))
def test_a_step_up_and_down_stays_near(knob):
    up = steps_of(knob)[1]
    if up is None or knob.value is None or choices_of(knob):
        return
    assert value_of(knob.slot, up) > knob.value
