"""What is sent of a change: its own cells, at their own place."""

from emulator import Emulator
from textual.app import App, ComposeResult

from infecon_tui.tui.screens.base import KeyScreen
from infecon_tui.tui.terminal.spans import SpansUpdate
from infecon_tui.tui.widgets.cells import strip_of
from infecon_tui.tui.widgets.pane import Pane


class Line(Pane):
    text = "left" + " " * 30 + "right"

    def draw(self, y):
        return strip_of([(self.text, "text")], self.size.width, self.look)


class Shown(KeyScreen):
    def compose(self) -> ComposeResult:
        yield Line(id="line")


class Host(App):
    symbols = "braille"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self):
        from infecon_tui.tui.terminal.theme import Look, themes

        super().__init__()
        self.look = Look("dark", few_colours=False)
        for theme in themes():
            self.register_theme(theme)
        self.theme = self.look.theme

    def get_default_screen(self):
        return Shown()


async def test_a_change_at_the_right_end_sends_no_more_than_it():
    app = Host()
    async with app.run_test(size=(60, 4)) as pilot:
        await pilot.pause()
        line, screen = app.screen.query_one("#line", Line), app.screen
        before = [[(line.text, "text")], [], [], []]
        line.text = "left" + " " * 30 + "Right"
        line.refresh_changes(before, [[(line.text, "text")], [], [], []])
        screen._compositor.update_widgets({line})
        update = screen._compositor.render_partial_update()
        assert isinstance(update, SpansUpdate)
        sent = update.render_segments(app.console)
        assert "R" in sent
        assert "left" not in sent
        assert "ight" not in sent
        assert sent.startswith("\x1b[1;35H")


def test_a_screen_of_changed_cells_is_the_screen_drawn_anew(tmp_path):
    with Emulator(tmp_path, size=(120, 40)) as it:
        it.until(lambda text: "Layouts" in text)
        it.keys(
            "/",
            *"HBM bandw",
            "enter",
            "right",
            "right",
            "b",
            "x",
            "f",
            "right",
            "A",
            "a",
            "i",
            "left",
        )
        it.until("▼")
        it.feed(1.5)
        changed = it.text()
        it.resize(121, 40)
        it.feed(1.5)
        it.resize(120, 40)
        it.until(lambda text: text == changed)
