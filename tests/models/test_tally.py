"""How many records each choice of each filter leaves, against counting them one by one."""

from itertools import product

import pytest
from sqlalchemy import select

from models import Database
from models.document import Document
from models.document_list import DOCUMENT_FILTERS, is_visible, list_documents
from models.tally import Filters
from models.update import Update
from models.update_list import UPDATE_FILTERS


def _counted(database: Database, filters: Filters, chosen: dict[str, str]) -> int:
    with database.reading() as session:
        return len(session.scalars(filters.base.where(*filters.conditions(chosen))).all())


@pytest.mark.parametrize("filters", [DOCUMENT_FILTERS, UPDATE_FILTERS], ids=["documents", "updates"])
def test_tally_is_what_counting_one_by_one_gives(registry: Database, filters: Filters) -> None:
    """For no choice, for each choice alone, and for pairs: every number is the length of that list."""
    with registry.reading() as session:
        total, tally = filters.count(session, {})
    assert total == _counted(registry, filters, {})
    firsts = [{name: next(iter(sorted(values)))} for name, values in tally.items() if values]
    for chosen in [*firsts, *({**a, **b} for a, b in product(firsts[:2], firsts[2:4]))]:
        with registry.reading() as session:
            total, tally = filters.count(session, chosen)
        assert total == _counted(registry, filters, chosen)
        for name, values in tally.items():
            assert values == {
                value: _counted(registry, filters, {**chosen, name: value}) for value in values
            }, (chosen, name)
            assert 0 not in values.values()


def test_mechanism_of_meeting_and_document_counts_once(registry: Database) -> None:
    """A document that belongs to a mechanism by itself and through its meeting is one document of it."""
    with registry.writing() as session:
        document = session.scalars(select(Document).where(Document.meeting_id.is_not(None))).first()
        assert document is not None
        mechanism = document.meeting.mechanisms[0] if document.meeting else None
        assert mechanism is not None
        _, before = DOCUMENT_FILTERS.count(session, {})
        document.own_mechanisms.append(mechanism)
        session.flush()
        _, after = DOCUMENT_FILTERS.count(session, {})
        listed = list_documents(session, mechanisms=[mechanism.slug])
    assert after == before
    assert after["mechanism"][mechanism.slug] == len(listed)


def test_every_record_is_in_the_base(registry: Database) -> None:
    """Nothing is left out of the lists but documents of hidden meetings, of which there is none."""
    with registry.reading() as session:
        assert len(session.scalars(select(Update.id)).all()) == UPDATE_FILTERS.count(session, {})[0]
        visible = select(Document.id).outerjoin(Document.meeting).where(is_visible)
        assert len(session.scalars(visible).all()) == DOCUMENT_FILTERS.count(session, {})[0]
