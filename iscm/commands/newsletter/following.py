"""Watching an issue's sending from another terminal, or from a program that reads lines."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from iscm.commands.context import House
from iscm.commands.newsletter.numbers import said_pace
from iscm.commands.output import plain
from newsletter.course import find_issue
from newsletter.progress import facts_of, progress_of

_EVERY_SECONDS = 1.0


def follow_issue(house: House, code: str, *, as_json: bool) -> None:
    """Show how an issue stands every second: a bar on a terminal, elsewhere a line whenever it changed.

    Ends once nothing is left to be sent, or with an interrupt; nothing it does touches the sending.
    """
    with _shown(code, as_json=as_json) as show:
        while True:
            with house.database.reading() as session:
                issue = find_issue(session, code)
                now = datetime.now(UTC)
                facts = facts_of(session, issue, now=now)
                goes_on = progress_of(session, issue, now=now).is_going_on
            show(facts)
            if not goes_on:
                return
            time.sleep(_EVERY_SECONDS)


@contextmanager
def _shown(code: str, *, as_json: bool) -> Iterator[Callable[[dict[str, Any]], None]]:
    if as_json:
        yield lambda facts: click.echo(json.dumps(facts, ensure_ascii=False, default=plain))
        return
    if not sys.stdout.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    layout = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Progress(*layout, console=Console()) as bar:
        task = bar.add_task(f"Issue {code}", total=None, pace="")

        def show(facts: dict[str, Any]) -> None:
            done = facts["included"] - facts["open"]
            bar.update(
                task,
                description=f"Issue {code} is {facts['state'].value}",
                total=facts["included"] or None,
                completed=done,
                pace=said_pace(facts) or facts["state_reason"] or "",
            )

        yield show


class _Lines:
    """Lines for a log: one whenever a number or the state is another."""

    def __init__(self) -> None:
        self._last: tuple[object, ...] = ()

    def __call__(self, facts: dict[str, Any]) -> None:
        """Print how it stands, unless that was said before."""
        numbers = tuple(facts[name] for name in ("accepted", "rejected", "skipped", "in_doubt", "open"))
        said = (facts["state"].value, *numbers, facts["state_reason"])
        if said == self._last:
            return
        self._last = said
        words = ", ".join(
            f"{number} {name}"
            for name, number in zip(
                ("accepted", "rejected", "skipped", "in doubt", "open"), numbers, strict=True
            )
        )
        reason = f" ({facts['state_reason']})" if facts["state_reason"] else ""
        click.echo(
            f"Issue {facts['code']} is {facts['state'].value}{reason}: {words}. {said_pace(facts)}".rstrip()
        )
