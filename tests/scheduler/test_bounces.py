"""What came back, as the clock has it read."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models import Bounce, Database, Delivery, DeliveryState
from models.alarm_course import open_alarms
from scheduler.alarms import look_at_letters
from scheduler.bounces import MailsNotRead, read_bounces
from tests.letters import NOW
from tests.newsletter.bounces import corpus
from tests.newsletter.bounces.corpus import Letter
from tests.newsletter.bounces.test_reading import back_to, letter_of, sent
from tests.scheduler.conftest import WorkOf


def test_clock_counts_refusals_reads_the_maildir_and_tells(
    sqlite_database: Database, work_of: WorkOf, tmp_path: Path
) -> None:
    """Nothing to do is silence; what came back counts; what is our fault is an alarm; what stays fails."""
    sent(sqlite_database, "2017")
    work = work_of(sqlite_database, now=lambda: NOW)
    assert read_bounces(work, NOW) is None
    folder = tmp_path / "returned"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    work = replace(work, bounce_maildir=folder)
    assert read_bounces(work, NOW) is None
    found = letter_of(sqlite_database)
    back = back_to(found.number, found.message_id, keys=work.office.keys)
    letter = Letter(found.number, found.to, found.message_id, back)
    (folder / "new" / "1").write_bytes(corpus.postfix(letter))
    with sqlite_database.writing() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.address != letter.to)
            .values(state=DeliveryState.REJECTED, code=550, reply="5.7.1 reader2@example.org: DKIM is broken")
        )
    assert read_bounces(work, NOW) == "1 refusals counted, 1 returned mails counted"
    with sqlite_database.reading() as session:
        assert set(session.scalars(select(Bounce.status))) == {"5.1.1", "5.7.1"}
    look_at_letters(work, NOW)
    with sqlite_database.reading() as session:
        assert {alarm.key: alarm.sentence for alarm in open_alarms(session)} == {
            "policy 2017": "Servers sent back 1 letter of issue 2017 for a reason of ours (5.7.x, 5.6.x): "
            "“5.7.1 ***: DKIM is broken”. Look at DKIM, SPF and DMARC with: iscm doctor; and ask the other "
            "side to let us in."
        }
    (folder / "new" / "2").mkdir()
    with pytest.raises(MailsNotRead, match=r"^1 returned mails in .* cannot be read or moved\."):
        read_bounces(work, NOW)
