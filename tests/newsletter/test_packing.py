"""Letters are signed before their turn, once, and nothing is kept of those that went."""

import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from models import Database
from newsletter.claims import claim
from newsletter.course import begin_sending, encoded_editions
from newsletter.dkim.key import SigningKey
from newsletter.packing import Packing
from tests.letters import CODE, HEAD, KEYS, NOW, office_of, ready_to_send
from tests.signing import a_signer, is_genuine, key


def test_expected_letters_are_signed_ahead_and_forgotten_once_packed(
    sqlite_database: Database, tmp_path: Path
) -> None:
    """Packed before or after its signature was made, a letter is the same, and no signature is left over."""
    ready_to_send(sqlite_database, 8)
    office = replace(office_of(sqlite_database, tmp_path), signer=a_signer())
    with sqlite_database.writing() as session:
        issue = begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        editions = encoded_editions(session, issue, signer=office.signer)
        held = claim(session, issue_id=issue.id, owner="one", now=NOW, limit=8)
    packing = Packing(office, editions)
    packing.expect(held)
    early = packing.parcel(held[-1])
    deadline = time.monotonic() + 10
    while not all(one.done() for one in packing._expected.values()) and time.monotonic() < deadline:  # noqa: SLF001 - what is kept is what is proved
        time.sleep(0.005)
    parcels = [packing.parcel(one) for one in held]
    packing.close()
    assert packing._expected == {}  # noqa: SLF001 - the same
    assert all(is_genuine(parcel.letter) for parcel in parcels)
    assert parcels[-1] == early


@dataclass(frozen=True)
class CountedKey(SigningKey):
    """A key that tells how often it signed."""

    signed: list[int] = field(default_factory=list)

    def sign(self, content: bytes) -> bytes:
        """Sign, and count it."""
        self.signed.append(1)
        return super().sign(content)


def test_no_letter_is_signed_twice(sqlite_database: Database, tmp_path: Path) -> None:
    """Packed while signatures are being made, each letter is signed once: here or ahead, not both."""
    ready_to_send(sqlite_database, 40)
    counted = CountedKey(key()._key)  # noqa: SLF001 - the same key, counted
    office = replace(office_of(sqlite_database, tmp_path), signer=replace(a_signer(), key=counted))
    with sqlite_database.writing() as session:
        issue = begin_sending(session, CODE, keys=KEYS, domain=HEAD.domain, now=NOW)
        editions = encoded_editions(session, issue, signer=office.signer)
        held = claim(session, issue_id=issue.id, owner="one", now=NOW, limit=40)
    packing = Packing(office, editions)
    packing.expect(held)
    parcels = [packing.parcel(one) for one in held]
    packing.close()
    assert len({parcel.letter for parcel in parcels}) == len(counted.signed) == 40
