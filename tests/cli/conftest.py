import pytest

from infecon_tui.cli import main


@pytest.fixture
def run(capsys):
    """Runs a command in this process: its exit status, and what it printed on either stream."""

    def call(*arguments):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse ends the program itself
            status = stop.code
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call
