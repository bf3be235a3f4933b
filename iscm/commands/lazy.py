"""A group of commands that imports a command only when it is run."""

from collections.abc import Mapping
from importlib import import_module, metadata

import click


class LazyGroup(click.Group):
    """Commands of one package, known by name and summary, imported one at a time.

    `summaries` says, in the order of `--help`, each command's name and the sentence beside it. The command
    `name` is the click object called `command` in the module `{package}.{name}`; a test holds the sentence
    equal to the command's own. `version_of` names the distribution whose version `--version` prints.
    """

    def __init__(
        self,
        *,
        name: str,
        package: str,
        summaries: Mapping[str, str],
        help: str,  # noqa: A002 - click's own name for it
        epilog: str | None = None,
        version_of: str | None = None,
    ) -> None:
        super().__init__(name=name, help=help, epilog=epilog, no_args_is_help=True)
        self.package = package
        self.summaries = dict(summaries)
        if version_of is not None:
            self.params.append(_version_option(version_of))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order they were given: the order in which a newcomer meets them."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, imported now; None where there is none."""
        if cmd_name not in self.summaries:
            return None
        found = import_module(f"{self.package}.{cmd_name}").command
        if not isinstance(found, click.Command):
            raise TypeError(f"{self.package}.{cmd_name}.command is no click command")
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list below `--help`, from the summaries alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))


def _version_option(distribution: str) -> click.Option:
    def show(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click calls it so
        if wanted and not ctx.resilient_parsing:
            click.echo(f"{ctx.find_root().info_name} {metadata.version(distribution)}")
            ctx.exit()

    return click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=show,
        help="Show the version and exit.",
    )
