"""One recipient or a million: what a sending costs of time and memory, step by step."""

import json
import subprocess
import sys
from collections.abc import Mapping
from math import inf
from tempfile import TemporaryDirectory

from benchmarks.letters import smtp_sink
from benchmarks.measure import CLIENT_CORE, Table, duration, on_core, rate

SWEEP = (1, 1_000, 100_000, 1_000_000)
_MOST_SECONDS = 60.0

_REMARK = (
    "On SQLite, letters of 5 kB in two languages, 8 connections to Postfix's smtp-sink on the other core. "
    "Each line is one process, which freezes the audience in one transaction, sends {until}, counts, "
    "writes the ledger with its chain and checks it; memory is the most it ever held."
)


def measure(*, quick: bool, whole: bool = False) -> list[Table]:
    """Return the seconds of each step and the memory for each number of recipients.

    With `whole` every letter is sent, which takes a million of them about a quarter of an hour.
    """
    seconds = inf if whole else 5.0 if quick else _MOST_SECONDS
    until = "to the last letter" if whole else f"for {seconds:.0f} s at most"
    rows = []
    with smtp_sink() as port:
        for readers in SWEEP[:2] if quick else SWEEP:
            with TemporaryDirectory() as folder:
                _crowd("fill", folder, str(readers))
                rows.append(_row(readers, json.loads(_crowd("send", folder, str(port), str(seconds)))))
    columns = (
        "recipients", "freezing", "sending", "letters a second", "counting",
        "ledger written", "and checked", "memory",
    )  # fmt: skip
    return [Table("From one recipient to a million", columns, rows, (_REMARK.format(until=until),))]


def _crowd(*words: str) -> str:
    order = [*on_core(CLIENT_CORE), sys.executable, "-m", "benchmarks.senders.crowd", *words]
    return subprocess.run(order, check=True, capture_output=True, text=True).stdout


def _row(readers: int, found: Mapping[str, float]) -> list[str]:
    return [
        f"{readers:,}",
        duration(found["freezing"]),
        duration(found["sending"]),
        rate(found["accepted"] / found["sending"]),
        duration(found["counting"]),
        duration(found["writing"]),
        duration(found["verifying"]),
        f"{found['megabytes']:.0f} MB",
    ]
