"""`iscm selftest`."""

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from iscm.selftest.account import Account


@click.command()
@click.option("--kill", "kills", type=click.IntRange(1, 1000), required=True, help="How often it is killed.")
@click.option(
    "--in-doubt",
    "policy",
    type=click.Choice(["hold", "resend"]),
    default="hold",
    show_default=True,
    help="What becomes of letters that were under way when it was killed.",
)
@click.option(
    "--connections", type=click.IntRange(1, 64), default=4, show_default=True, help="How many send at once."
)
@click.option("--seed", type=int, help="Choose the same moments as an earlier run did.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(kills: int, policy: str, connections: int, seed: int | None, *, as_json: bool) -> None:
    """Kill a sending in a sandbox again and again, and count who was lost.

    Also counted: who got two copies, and who is in doubt. Everything happens in a temporary folder, with
    readers of its own and a mail server on this machine; your settings, records and mail are not touched.
    Exit 1 when anything is as it must never be.
    """
    import random
    import time

    from iscm.commands.output import print_json, progress
    from iscm.logs import start_logging
    from iscm.selftest.trial import try_in_a_sandbox
    from models import InDoubtPolicy, Refusal

    start_logging(level="error", form="text")
    seed = random.randrange(10**9) if seed is None else seed  # noqa: S311 - instants are no secrets
    begun = time.monotonic()
    with progress(f"{kills} kills", total=kills) as advance:
        account = try_in_a_sandbox(
            kills=kills,
            policy=InDoubtPolicy(policy),
            connections=connections,
            seed=seed,
            progress=advance,
        )
    if as_json:
        print_json(_facts(account, seed=seed, seconds=time.monotonic() - begun))
    else:
        for line in _said(account, seed=seed):
            click.echo(line)
    if account.violations:
        raise Refusal(f"{' '.join(account.violations)} Repeat it with --seed {seed}.")
    if account.kills < kills:
        raise Refusal(f"The sending was over after {account.kills} kills; try --seed {seed + 1}.")


def _facts(account: "Account", *, seed: int, seconds: float) -> dict[str, Any]:
    counts = account.counts
    return {
        "kills": account.kills,
        "moments": account.moments,
        "connections": account.connections,
        "policy": account.policy,
        "letters": counts.included,
        "accepted": counts.accepted,
        "lost": account.lost,
        "duplicate": account.duplicates,
        "in_doubt": account.in_doubt,
        "in_doubt_arrived": account.arrived,
        "adds_up": counts.adds_up,
        "violations": account.violations,
        "seed": seed,
        "seconds": round(seconds, 1),
    }


def _said(account: "Account", *, seed: int) -> list[str]:
    counts = account.counts
    moments = ", ".join(f"{number} {moment}" for moment, number in sorted(account.moments.items()))
    doubt = f", of which {account.arrived} had arrived" if account.in_doubt else ""
    most = account.kills * account.connections
    manner = f"{account.connections} connections, policy {account.policy.value}, seed {seed}"
    whole = f"{counts.candidates} candidates = {counts.included} included + {counts.excluded} excluded"
    ended = (
        f"{counts.accepted} accepted + {counts.rejected} rejected + {counts.skipped} skipped + "
        f"{counts.in_doubt} in doubt + {counts.open} open"
    )
    verdict = "All copies of a letter are the same to the byte, and the ledger holds."
    if account.violations:
        verdict = "Something is as it must never be."
    return [
        f"Killed {account.kills} times with SIGKILL ({moments}); {manner}.",
        f"Lost: {account.lost}",
        f"Duplicate: {account.duplicates}",
        f"In doubt: {account.in_doubt} (at most {most}){doubt}",
        f"Equation: {whole}; {counts.included} included = {ended}",
        verdict,
    ]
