import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def own_directories(tmp_path, monkeypatch):
    """No test reads or writes the user's own specs or session."""
    monkeypatch.setenv("INFECON_SPECS", str(tmp_path / "own-specs"))
    monkeypatch.setenv("INFECON_STATE", str(tmp_path / "own-state"))
