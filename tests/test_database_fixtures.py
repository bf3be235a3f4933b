"""The databases that tests are given."""

import pytest

from models.database import Database
from tests.loopback import LeftTheMachine


def test_database_is_migrated(database: Database) -> None:
    """Each test finds tables at this program's revision, on SQLite and on PostgreSQL."""
    found, needed = database.revision()
    assert found == needed


def test_socket_beyond_loopback_is_refused() -> None:
    """A test that would leave the machine fails, by number and by name."""
    import socket

    with pytest.raises(LeftTheMachine), socket.socket() as outside:
        outside.connect(("192.0.2.1", 25))
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo("example.org", 80)
    with pytest.raises(LeftTheMachine), socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
