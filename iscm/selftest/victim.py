"""A process that sends in the sandbox, and is killed for it: `python -m iscm.selftest.victim`.

It loads the program once and waits for orders, a JSON object a line. For each it forks a child that sends,
and prints the child's number, then how it ended (negative: by that signal). A fork of a process that has
neither threads nor connections is as good as a new one, and fifty of them take seconds.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from iscm.selftest.sandbox import CODE, Sandbox
from iscm.selftest.trap import Moment, Trap, set_trap
from models import Database
from newsletter.relay import SmtpRelay, StartTls
from newsletter.sending import send_issue


def main() -> None:
    """Carry out orders until there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _end_with(json.loads(line))
        _say(child)
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _end_with(order: dict[str, Any]) -> None:
    """Send, and leave without what the parent would have to clean up."""
    code = 70
    try:
        code = _send(order)
    except Exception as error:  # noqa: BLE001 - whoever reads the log is told, whatever it was
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(code)


def _send(order: dict[str, Any]) -> int:
    if order["trap"] is not None:
        moment, count, fraction = order["trap"]
        set_trap(Trap(Moment(moment), count, fraction))
    sandbox = Sandbox(order["database_url"], Path(order["folder"]))
    relay = SmtpRelay(
        host="127.0.0.1",
        port=order["port"],
        connections=order["connections"],
        starttls=StartTls.NEVER,
    )
    database = Database(sandbox.database_url)
    sending = asyncio.run(send_issue(sandbox.office(database), CODE, relay=relay, waits_for_others=True))
    database.close()
    return 0 if sending.is_complete else 1


if __name__ == "__main__":
    main()
