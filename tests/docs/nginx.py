"""nginx on loopback with the configuration of the docs, as long as a test needs it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import peers
from tests.journeys.house import House, until
from tests.system_packages import missing

DEPLOYING = Path(__file__).parents[2] / "docs" / "deploying"


@contextmanager
def nginx(folder: Path, *, port: int, http: str, asked: str = "/") -> Iterator[House]:
    """Run nginx with these directives in its `http` block until the end, from the time it answers `asked`.

    `folder` is its own; it must exist and be open to the user nginx runs its workers as.
    """
    if (program := peers.found("nginx")) is None:
        missing("nginx")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;\n"
        f"events {{}}\nhttp {{ {temporary}\n{http} }}\n"
    )
    order = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")]
    process = subprocess.Popen(order, env=peers.surroundings())
    proxy = House(folder, port=port)
    try:
        until(lambda: _answers(proxy, asked), seconds=10, what="nginx answers")
        yield proxy
    finally:
        process.terminate()
        process.wait(10)


def _answers(proxy: House, path: str) -> bool:
    try:
        proxy.ask(path)
    except OSError:
        return False
    return True
