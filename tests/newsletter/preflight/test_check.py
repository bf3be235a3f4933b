"""The preflight over the record: what changed since the issue was compiled, approved or sent."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Document, Edition, Issue, IssueState, Meeting, SubscriberState, When
from models.database import Database
from models.subscriber import Subscriber
from newsletter.approval import approve_issue
from newsletter.contents import ClosedIssue, newest_revision, tree_of
from newsletter.course import find_issue, pause
from newsletter.drafting import compile_issue
from newsletter.facts import OutcomeFacts
from newsletter.highlights import EditorsText, Highlights
from newsletter.preflight.check import Stationery, check_issue, require_clear, require_startable
from newsletter.preflight.finding import Blocked, Finding, Outdated
from newsletter.preflight.outdated import outdated_nodes
from newsletter.rendering import Imprint
from newsletter.tree_json import as_json
from tests.newsletter.issue_facts import (
    NOW,
    OPTIONS,
    SITE,
    STATIONERY,
    a_meeting,
    add_readers,
    an_issue,
    node_of,
)


def _issue(session: Session, *, readers: int = 20) -> Issue:
    add_readers(session, readers)
    compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
    return find_issue(session, "2017")


def _blocking(session: Session, issue: Issue, stationery: Stationery = STATIONERY) -> list[Finding]:
    return [finding for finding in check_issue(session, issue, stationery) if finding.blocks]


def _outdated(session: Session, issue: Issue) -> list[str]:
    return [str(finding) for finding in check_issue(session, issue, STATIONERY) if finding.rule == "outdated"]


def _without(tree: Highlights, off: frozenset[str]) -> Highlights:
    return replace(tree, sections=tuple(replace(one, is_on=one.key not in off) for one in tree.sections))


def test_2017_passes_with_a_warning_for_each_doubtful_fact(registry: Database) -> None:
    """Nothing blocks; the four facts the registry is not sure of are named."""
    with registry.writing() as session:
        findings = check_issue(session, _issue(session), STATIONERY)
    assert [finding.blocks for finding in findings] == [False] * len(findings)
    assert sum(finding.rule == "confidence" for finding in findings) == 4


def test_meeting_that_moves_after_the_compilation_blocks_until_compiled_again(
    registry: Database,
) -> None:
    """The letter never says a day that the record no longer has."""
    with registry.writing() as session:
        issue = _issue(session)
        meeting = session.scalars(select(Meeting).where(Meeting.slug == "midsa-20170902-plenary")).one()
        meeting.when = When.parse("2017-09-03", "2017-09-05")
        session.flush()
        (finding,) = _blocking(session, issue)
        assert str(finding) == (
            "The letter tells of 2–4 September 2017, while the record says 3–5 September 2017. Compile the issue again. "  # noqa: E501 - a sentence stands whole
            "(The 2017 MIDSA Conference, 2–4 September 2017 in Eswatini, on addressing mixed and irregular migration "  # noqa: E501 - a sentence stands whole
            f"in Southern Africa.; {finding.node}; en.txt line {finding.line})"
        )
        compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
        assert _blocking(session, issue) == []


def test_record_that_changed_otherwise_warns_of_each_node(sqlite_registry: Database) -> None:
    """A city is no contradiction, but readers would get it uncorrected: each place that says it is named."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        meeting = session.scalars(select(Meeting).where(Meeting.slug == "midsa-20170902-plenary")).one()
        meeting.theme = "Labour migration"
        session.flush()
        assert _outdated(session, issue) == [
            (
                "The record has changed since the issue was compiled. It said: The 2017 MIDSA Conference, "
                "2–4 September 2017 in Eswatini, on addressing mixed and irregular migration in Southern "
                "Africa. It says now: The 2017 MIDSA Conference, 2–4 September 2017 in Eswatini, on labour "
                "migration. "
                "Compiling again takes it in: iscm newsletter compile 2017 "
                f"(meeting/{meeting.uid}/told)"
            )
        ]
        assert _blocking(session, issue) == []
        compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
        assert _outdated(session, issue) == []


def test_new_and_gone_nodes_and_counts_are_outdated_too(sqlite_registry: Database) -> None:
    """A document that is taken out leaves a list, a link and a number; a section that is off is no matter."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        document = session.scalars(select(Document).where(Document.act.is_not(None))).all()
        of_2017 = next(one for one in document if one.meeting and str(one.meeting.first_day)[:4] == "2017")
        slug = of_2017.slug
        session.delete(of_2017)
        session.flush()
        session.expire_all()
        said = " ".join(_outdated(session, issue))
        assert "The record no longer has what the issue was compiled with: " in said
        assert f"(document/{slug})" in said
        assert "(figure/documents)" in said
        revision = newest_revision(session, issue)
        off = replace(OPTIONS, off=frozenset({"documents", "figures"}))
        revision.options, revision.tree = off.as_json(), as_json(_without(tree_of(revision), off.off))
        session.flush()
        said = " ".join(_outdated(session, issue))
        assert "(document/" not in said
        assert "(figure/" not in said


def test_node_of_an_editor_is_outdated_with_the_editors_words(sqlite_registry: Database) -> None:
    """Compiling keeps the editor's words, so they are shown beside both; what was left out is not told."""
    node = node_of(an_issue(), "meeting/meeting-1/told")
    now = an_issue(a_meeting(city="Ndola"))
    edited, emptied = (
        an_issue().with_texts({node.key: EditorsText(text=text, source_hash=node.source_hash)})
        for text in ("It met.", "")
    )
    (found,) = [one for one in outdated_nodes(edited, now) if one.key == node.key]
    assert found == Outdated(node.key, node.text, node.text.replace("Lusaka", "Ndola"), edited="It met.")
    assert [one for one in outdated_nodes(emptied, now) if one.key == node.key] == []


def test_link_that_moved_is_outdated() -> None:
    """The words are the same, and the address is told."""

    def issue(url: str) -> Highlights:
        outcome = OutcomeFacts(slug="d", title="Lusaka Declaration", act="adopted", url=url, language="en")
        return an_issue(a_meeting(outcomes=(outcome,)))

    found = outdated_nodes(issue("https://o.example/old"), issue("https://o.example/new"))
    assert {one.key for one in found} == {"meeting/meeting-1/told", "document/d"}
    assert all("https://o.example/old]" in str(one.said) for one in found)
    assert all("https://o.example/new]" in str(one.now) for one in found)


def test_issue_compiled_for_another_address_blocks_until_compiled_again(sqlite_registry: Database) -> None:
    """Body and headers of a letter never lead to two sites, at whichever step the address changed."""
    moved = replace(
        STATIONERY,
        imprint=replace(STATIONERY.imprint, base_url="https://moved.example"),
        letterhead=replace(STATIONERY.letterhead, base_url="https://moved.example"),
    )
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        why = (
            "The issue's links lead to https://iscm.example, while the site is at https://moved.example now. "
            "Compile it again: iscm newsletter compile 2017"
        )
        assert [str(finding) for finding in _blocking(session, issue, moved)] == [why]
        with pytest.raises(Blocked, match="iscm newsletter compile 2017"):
            approve_issue(session, issue, stationery=moved, editor="cleo", now=NOW)
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        with pytest.raises(Blocked, match="iscm newsletter compile 2017"):
            require_clear(session, issue, moved)
        options = replace(OPTIONS, base_url="https://moved.example", feeds=())
        compile_issue(session, year=2017, now=NOW, options=options, editor="ana")
        assert _blocking(session, issue, moved) == []
        approve_issue(session, issue, stationery=moved, editor="cleo", now=NOW)
        edition = session.scalars(select(Edition).order_by(Edition.approval_id.desc())).first()
        assert edition is not None
        assert not [part for part in (edition.html, edition.text, edition.web) if SITE in part]


def test_meeting_that_is_deleted_blocks(sqlite_registry: Database) -> None:
    """So does one that is hidden from the public."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        session.delete(session.scalars(select(Meeting).where(Meeting.slug == "midsa-20170902-plenary")).one())
        session.flush()
        assert [finding.rule for finding in _blocking(session, issue)] == ["date"]


def test_audience_is_counted_as_it_would_be_frozen(sqlite_registry: Database) -> None:
    """Who left does not count; nobody left over blocks, and so does a jump after the approval."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        add_readers(session, 2)
        assert _blocking(session, issue) == []
        add_readers(session, 1)
        assert [str(finding) for finding in _blocking(session, issue)] == [
            "The audience was 20 at the approval and is 23 now. Approve it again."
        ]
        for reader in session.scalars(select(Subscriber)):
            reader.state = SubscriberState.LEFT
        session.flush()
        assert [finding.rule for finding in _blocking(session, issue)] == ["audience"]


@pytest.mark.parametrize("part", ["html", "text", "web", "message"])
def test_edition_that_is_not_what_was_frozen_blocks(sqlite_registry: Database, part: str) -> None:
    """One byte of any part is enough."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        edition = session.scalars(select(Edition)).one()
        setattr(edition, part, getattr(edition, part) + (b"!" if part == "message" else "!"))
        session.flush()
        assert [finding.rule for finding in _blocking(session, issue)] == ["hash"]


def test_sent_issue_blocks(sqlite_registry: Database) -> None:
    """The same issue is not sent twice."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        issue.state = IssueState.SENT
        session.flush()
        assert [str(finding) for finding in _blocking(session, issue)] == ["Issue 2017 was sent already."]


def test_unset_sender_and_postal_address_block(sqlite_registry: Database) -> None:
    """Each is named by its setting."""
    stationery = replace(
        STATIONERY,
        imprint=Imprint(base_url=SITE, postal_address=""),
        letterhead=replace(STATIONERY.letterhead, sender=""),
    )
    with sqlite_registry.writing() as session:
        found = [finding.sentence for finding in _blocking(session, _issue(session), stationery)]
    assert found == [
        "There is no sender. Set ISCM_MAIL_FROM.",
        "The sender's postal address is not set. Set ISCM_POSTAL_ADDRESS.",
    ]


def test_sender_that_cannot_be_written_blocks_with_the_reason(sqlite_registry: Database) -> None:
    """A sender that no mail can come from is found before the hour of sending."""
    stationery = replace(
        STATIONERY, letterhead=replace(STATIONERY.letterhead, sender="ISCM <désk@iscm.example>")
    )
    with sqlite_registry.writing() as session:
        assert [finding.rule for finding in _blocking(session, _issue(session), stationery)] == ["header"]


def test_what_blocks_is_refused_in_one_sentence(sqlite_registry: Database) -> None:
    """With the reason."""
    with sqlite_registry.writing() as session:
        issue = _issue(session, readers=0)
        with pytest.raises(Blocked, match=r"^The preflight stops issue 2017: Nobody would receive it"):
            require_clear(session, issue, STATIONERY)


def _two_more_than_a_tenth(session: Session) -> Stationery:
    add_readers(session, 3)
    return STATIONERY


def _no_postal_address(session: Session) -> Stationery:
    del session
    return replace(STATIONERY, imprint=replace(STATIONERY.imprint, postal_address=""))


def _no_sender(session: Session) -> Stationery:
    del session
    return replace(STATIONERY, letterhead=replace(STATIONERY.letterhead, sender=""))


def _an_edition_changed(session: Session) -> Stationery:
    session.scalars(select(Edition)).one().message += b"P.S."
    return STATIONERY


def _a_meeting_moved(session: Session) -> Stationery:
    meeting = session.scalars(select(Meeting).where(Meeting.slug == "midsa-20170902-plenary")).one()
    meeting.when = When.parse("2017-09-03", "2017-09-05")
    return STATIONERY


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_two_more_than_a_tenth, "The audience was 20 at the approval and is 23 now."),
        (_no_postal_address, "Set ISCM_POSTAL_ADDRESS."),
        (_no_sender, "Set ISCM_MAIL_FROM."),
        (_an_edition_changed, "its hash differs"),
        (_a_meeting_moved, "while the record says 3–5 September 2017"),
    ],
)
def test_what_changed_since_the_approval_stops_a_start(
    sqlite_registry: Database, change: Callable[[Session], Stationery], why: str
) -> None:
    """At the hour of a scheduled sending: readers, settings, bytes, the record; unchanged, nothing does."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        require_startable(session, issue, STATIONERY)
        stationery = change(session)
        session.flush()
        with pytest.raises(Blocked, match=why):
            require_startable(session, issue, stationery)


def test_issue_that_was_held_back_can_be_approved_again(sqlite_registry: Database) -> None:
    """Paused at its hour and never begun, it is compiled and approved anew; one that has begun is not."""
    with sqlite_registry.writing() as session:
        issue = _issue(session)
        for begun in (None, NOW):
            approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
            issue.state, issue.started_at = IssueState.SCHEDULED, begun
            pause(session, "2017", editor="clock", now=NOW)
            if begun is None:
                compile_issue(session, year=2017, now=NOW, options=OPTIONS, editor="ana")
            else:
                with pytest.raises(ClosedIssue, match="is paused"):
                    approve_issue(session, issue, stationery=STATIONERY, editor="cleo", now=NOW)
        assert issue.state is IssueState.PAUSED
