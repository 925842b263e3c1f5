import pytest

from infecon_tui.errors import InfeconError
from infecon_tui.spec.write import write_atomically


def test_a_new_file_is_written_whole(tmp_path):
    write_atomically(tmp_path / "a.yaml", "text\n")
    assert (tmp_path / "a.yaml").read_text() == "text\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_an_existing_file_stays_unless_told(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("old")
    with pytest.raises(InfeconError, match="exists already; nothing was written"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    write_atomically(path, "new", overwrite=True)
    assert path.read_text() == "new"


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"
    path.write_text("old")

    def fail(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(InfeconError, match="no space left on device; nothing was written"):
        write_atomically(path, "new", overwrite=True)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


def test_a_read_only_target(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"
    path.write_text("old")
    path.chmod(0o444)
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    with pytest.raises(InfeconError, match="permission denied; nothing was written"):
        write_atomically(path, "new", overwrite=True)
    assert path.read_text() == "old"


def test_a_directory_or_a_missing_folder(tmp_path):
    with pytest.raises(InfeconError, match="is a directory; name a file in it"):
        write_atomically(tmp_path, "text")
    with pytest.raises(InfeconError, match="no such file or directory; nothing was written"):
        write_atomically(tmp_path / "gone" / "a.yaml", "text")
