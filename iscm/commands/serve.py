"""`iscm serve`: the site, the feeds and the clock, as two processes under one parent."""

import http.client
import sys
from functools import partial

import click

from iscm.commands.context import opened
from iscm.settings import Settings

_ASK_SECONDS = 0.25
_TEND_SECONDS = 3600.0


@click.command(name="serve")
@click.option("--host", help="The address to listen on; default ISCM_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on; default ISCM_PORT.")
@click.option(
    "--only", type=click.Choice(["web", "work"]), help="Run one of the two: pages and feeds, or work."
)
def command(host: str | None, port: int | None, only: str | None) -> None:
    """Serve the site, the feeds and the clock."""
    with opened() as house:
        settings = house.settings.at(host=host, port=port) if host or port else house.settings
    # Imported before anything is started, so that the children need not do it again.
    from iscm.processes import Family
    from iscm.serving import listen, run_web, run_work

    members = {}
    if only != "work":
        members["web"] = partial(run_web, settings, listen(settings.host, settings.port))
    if only != "web":
        members["work"] = partial(run_work, settings)
    family = Family(members)
    family.start()
    for line in _addresses(settings, only):
        click.echo(line)
    while "web" in members and not _answers(settings):
        if family.tend(_ASK_SECONDS / 10):
            break
    else:
        click.echo("Ready. Stop with Ctrl-C.")
    while not family.tend(_TEND_SECONDS):
        pass
    sys.exit(0 if family.end() else 1)


def _addresses(settings: Settings, only: str | None) -> list[str]:
    base = settings.base_url
    lines = []
    if only != "work":
        lines += [
            f"Site:        {base}/",
            f"Calendar:    {base}/subscribe",
            f"Feeds:       {base}/feeds/all.ics  {base}/feeds/type/rcp.ics  {base}/feeds/mechanism/SLUG.ics",
            f"Newsletter:  {base}/newsletter",
        ]
    if settings.shows_mailbox_to_others and only != "work":
        lines.append(
            "Warning:     /mailbox shows every mail to whoever reaches this service; set ISCM_SMTP_URL"
        )
    if not settings.uses_local_mailbox:
        lines.append("Mail:        leaves by the server of ISCM_SMTP_URL")
    elif only == "work":
        lines.append("Mail:        kept in the local mailbox; nothing leaves this machine")
    else:
        lines.append(f"Mailbox:     {base}/mailbox  all mail is kept there; nothing leaves this machine")
    return lines


def _answers(settings: Settings) -> bool:
    """Say whether the web process answers; a host that means "everywhere" is asked on loopback."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=_ASK_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
