"""`iscm serve` as an operator meets it."""

import os
import signal
import socket
import threading
from pathlib import Path

import pytest

from tests.journeys.house import House, until


@pytest.fixture
def languages() -> None:
    """Every language there is, as shipped: this is what operators start."""


def listens(port: int) -> bool:
    """Say whether anybody listens on the port."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def is_alive(number: int) -> bool:
    """Say whether the process runs."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_serve_in_an_empty_folder_names_the_command_that_helps(empty_house: House) -> None:
    """Without a database it refuses in one sentence, and makes none by the way."""
    assert empty_house.run("serve", code=1) == (
        f"iscm: There is no database at {empty_house.database_file} yet. Run: iscm database upgrade\n"
    )
    assert not empty_house.database_file.exists()


def test_serve_on_a_taken_port_says_so(house: House) -> None:
    """A taken port is one sentence and exit code 1, whoever has it."""
    with socket.create_server(("127.0.0.1", house.port)):
        assert house.run("serve", code=1) == (
            f"iscm: Port {house.port} of 127.0.0.1 is taken by another program. Stop that one, "
            "or choose another with --host and --port.\n"
        )


def test_serve_tells_its_addresses_and_that_nothing_leaves(house: House) -> None:
    """It prints where everything is, and `Ready` once it answers."""
    base = f"http://127.0.0.1:{house.port}"
    with house.serving() as serving:
        assert house.ask("/healthz").status == 200
    assert serving.said.splitlines() == [
        f"Site:        {base}/",
        f"Calendar:    {base}/subscribe",
        f"Feeds:       {base}/feeds/all.ics  {base}/feeds/type/rcp.ics  {base}/feeds/mechanism/SLUG.ics",
        f"Newsletter:  {base}/newsletter",
        f"Mailbox:     {base}/mailbox  all mail is kept there; nothing leaves this machine",
        "Ready. Stop with Ctrl-C.",
    ]


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_serve_told_to_stop_leaves_nothing_behind(each_house: House, order: signal.Signals) -> None:
    """It ends within ten seconds with exit code 0, its children with it, the port free, no trouble told."""
    with each_house.serving() as serving:
        children = serving.children()
        assert len(children) == 2
        serving.stop(order)
    assert not any(is_alive(number) for number in children)
    assert not listens(each_house.port)
    assert serving.troubles == []


def test_serve_killed_takes_its_children_along(house: House) -> None:
    """After kill -9 of the parent no process is left, and the port is free for the next start."""
    with house.serving() as serving:
        children = serving.children()
        serving.process.kill()
        until(lambda: not any(is_alive(one) for one in children), seconds=10, what="the children end")
    assert not listens(house.port)
    with house.serving():
        assert house.ask("/healthz").status == 200


def test_serve_with_a_dead_web_process_lets_readers_wait_and_answers_them(house: House) -> None:
    """Who asks while the web process is being started again is answered a moment later, not turned away."""
    with house.serving() as serving:
        before = serving.children()
        answers: list[int] = []
        os.kill(min(before), signal.SIGKILL)
        asking = [
            threading.Thread(target=lambda: answers.append(house.ask("/healthz").status)) for _ in range(5)
        ]
        until(lambda: not is_alive(min(before)), seconds=5, what="the web process dies")
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join(20)
        assert answers == [200] * 5
        assert len(set(serving.children()) - set(before)) == 1
    assert serving.log.count("web ended (by SIGKILL); started again in 0.5 s") == 1


def test_serve_stopped_at_the_terminal_ends_in_order(house: House) -> None:
    """Ctrl-C reaches parent and children at once; nobody is started again, nothing is said of trouble."""
    with house.serving() as serving:
        os.killpg(serving.process.pid, signal.SIGINT)
        assert serving.process.wait(10) == 0
    assert serving.troubles == []


def test_serve_whose_work_cannot_run_serves_pages_and_comes_back(house: House) -> None:
    """A file where the mailbox belongs: one line a try, pages meanwhile, and work again once it is gone."""
    obstacle = house.folder / "data" / "mailbox"
    obstacle.write_text("no folder")
    with house.serving() as serving:
        until(lambda: "work ended" in serving.log, seconds=10, what="the log tells of it")
        assert house.ask("/mechanisms").status == 200
        assert "work cannot run: FileExistsError" in serving.log
        assert "Traceback" not in serving.log
        obstacle.unlink()
        until(lambda: house.ask("/feeds/all.ics").status == 200, seconds=20, what="the feeds are published")


@pytest.mark.parametrize("only", ["web", "work"])
def test_serve_only_one_of_the_two(house: House, only: str) -> None:
    """Each half runs alone, for installations that spread them over machines."""
    with house.serving("--only", only) as serving:
        assert len(serving.children()) == 1
        assert listens(house.port) == (only == "web")
