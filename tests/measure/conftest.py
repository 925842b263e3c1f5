import benchmark_files as files
import pytest


@pytest.fixture
def file_of(tmp_path):
    """Writes rows that differ from a plain one in some cells; returns the file."""

    def make(*changes, columns=files.COLUMNS):
        return files.write(
            tmp_path / "measured.csv", [files.PLAIN | change for change in changes], columns
        )

    return make
