"""Write docs/settings.md and docs/commands.md from the program itself: `make docs`.

A test compares the files with what this writes, so they cannot fall behind.
"""

from collections.abc import Iterator
from pathlib import Path

import click
from pydantic.fields import FieldInfo

from iscm.commands import command
from iscm.settings import FILE, PREFIX, Settings

FOLDER = Path(__file__).parent

SETTINGS = f"""# Settings

Every setting is a variable of the environment, `{PREFIX}` and its name in capitals. The same settings can
stand in `{FILE}` in the folder where `iscm` is started, by their names in small letters
(`base_url = "https://..."`); a variable wins over the file, and an empty variable counts as not set.
A value that cannot be used is told in one line that names the setting, with exit code 2.

| setting | without it | meaning |
|---|---|---|
"""

COMMANDS = """# Commands

Exit codes: 0 done; 1 refused or nothing done, with the reason on standard error; 2 wrong use, or a setting
that cannot be used. `--json` prints lists as arrays of objects, whole. Without `--json` a list is a table on
a terminal and tab-separated lines anywhere else. No command asks questions when standard input is not a
terminal.

Who acts is `ISCM_EDITOR_NAME`; [settings.md](settings.md) has the other settings.
"""


def settings_page() -> str:
    """The text of docs/settings.md."""
    return SETTINGS + "".join(_setting(name, field) for name, field in Settings.model_fields.items())


def commands_page() -> str:
    """The text of docs/commands.md: each command of the program with its arguments and options."""
    sections = (_command(path, found) for path, found in walk(command, ("iscm",)) if _runs(found))
    return COMMANDS + "".join(sections)


def walk(found: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below `found` and itself, with the words that call it, in the order of `--help`."""
    yield path, found
    if isinstance(found, click.Group):
        context = click.Context(found, info_name=path[-1])
        for name in found.list_commands(context):
            below = found.get_command(context, name)
            if below is not None and not below.hidden:
                yield from walk(below, (*path, name))


def _runs(found: click.Command) -> bool:
    return not isinstance(found, click.Group) or found.invoke_without_command


def _setting(name: str, field: FieldInfo) -> str:
    extra = field.json_schema_extra
    absent = extra.get("when_absent") if isinstance(extra, dict) else None
    return f"| `{PREFIX}{name.upper()}` | {absent or _default(field)} | {_cell(field.description or '')} |\n"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value in (None, "", ()):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{','.join(value) if isinstance(value, tuple) else value}`"


def _command(path: tuple[str, ...], found: click.Command) -> str:
    context = click.Context(found, info_name=" ".join(path))
    usage = " ".join([" ".join(path), *found.collect_usage_pieces(context)])
    lines = [f"\n## {' '.join(path)}\n\n", f"    {usage}\n\n", f"{_text(found.help or '')}\n"]
    # Arguments stand in the usage line; an option that its name explains has no more to say.
    rows = [record for one in found.params if (record := one.get_help_record(context)) and one.name != "help"]
    rows = [(names.replace(" RANGE", ""), meaning) for names, meaning in rows if names.startswith("-")]
    if rows:
        lines += ["\n", "| option | meaning |\n", "|---|---|\n"]
        lines += [f"| `{_cell(names)}` | {_cell(meaning)} |\n" for names, meaning in rows]
    return "".join(lines)


def _text(words: str) -> str:
    return "\n".join(line.strip() for line in words.replace("\b\n", "").strip().splitlines())


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


if __name__ == "__main__":
    (FOLDER / "settings.md").write_text(settings_page(), encoding="utf-8")
    (FOLDER / "commands.md").write_text(commands_page(), encoding="utf-8")
