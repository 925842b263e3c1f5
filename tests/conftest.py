import pytest


@pytest.fixture(autouse=True)
def own_directories(tmp_path, monkeypatch):
    """No test reads or writes the user's own specs or session."""
    monkeypatch.setenv("INFECON_SPECS", str(tmp_path / "own-specs"))
    monkeypatch.setenv("INFECON_STATE", str(tmp_path / "own-state"))
