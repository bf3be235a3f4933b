"""How fast work goes on, beside a bar on the terminal."""

from rich.progress import ProgressColumn, Task
from rich.text import Text


class RateColumn(ProgressColumn):
    """Steps a second, as measured over the last half minute."""

    def render(self, task: Task) -> Text:
        """Return nothing until two steps are done."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.1f}/s", style="progress.data.speed")
