"""`iscm tasks`: what only a person can do about a reader."""

import click

from iscm.commands.context import opened
from iscm.commands.field_options import as_json
from iscm.commands.output import print_rows
from models.base import Facts
from models.subscriber import Subscriber
from models.task import Task


@click.group(name="tasks", no_args_is_help=True)
def command() -> None:
    """List what an editor has to do about readers, and note what is done."""


@command.command(name="list")
@click.option("--all", "every", is_flag=True, help="Also those that are done.")
@as_json
def list_(*, every: bool, as_json: bool) -> None:
    """List the tasks that are open, the oldest first."""
    from newsletter.tasks import list_tasks

    with opened() as house, house.database.reading() as session:
        rows = [_row(task, reader) for task, reader in list_tasks(session, only_open=not (every or as_json))]
    columns = ("id", "opened_at", "sentence")
    print_rows(rows, columns=(*columns, "done_at", "done_by") if every else columns, as_json=as_json)


@command.command()
@click.argument("number", metavar="ID", type=int)
@click.option("--remark", help="What came of it; kept with the task.")
def done(number: int, remark: str | None) -> None:
    """Note that a task is done, by whom and when."""
    from newsletter.tasks import end_task

    with opened() as house, house.database.writing() as session:
        end_task(session, number, editor=house.editor, remark=remark, now=house.now)
    click.echo(f"{number}: done.")


def _row(task: Task, reader: Subscriber) -> Facts:
    from newsletter.tasks import sentence_of

    names = (
        "id",
        "kind",
        "address",
        "issue",
        "opened_at",
        "seen_at",
        "count",
        "told_at",
        "done_at",
        "done_by",
        "remark",
    )
    return {name: getattr(task, name) for name in names} | {"sentence": sentence_of(task, reader)}
