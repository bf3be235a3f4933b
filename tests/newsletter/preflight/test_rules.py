"""Each rule of the preflight, with a case that trips it; a sound issue trips none."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from models import Confidence, MeetingStatus, When
from newsletter.facts import MeetingFacts
from newsletter.highlights import EditorsText, Highlights
from newsletter.preflight.check import run_rules
from newsletter.preflight.finding import Audience, Inspected, Outdated
from newsletter.rendering import Letter, render_letter
from tests.newsletter.issue_facts import SITE, STATIONERY, a_meeting, an_issue, node_of

KEY = "meeting/meeting-1/told"
LOOPBACK = "[Site](http://127.0.0.1:8000/x), [site](http://localhost/), [site](http://[::1]:8000/)."
Change = Callable[[Inspected], Inspected]


def _inspected(tree: Highlights | None = None, *meetings: MeetingFacts) -> Inspected:
    tree = tree or an_issue()
    return Inspected(
        tree=tree,
        letter=render_letter(tree, STATIONERY.imprint),
        meetings={meeting.uid: meeting for meeting in meetings or (a_meeting(),)},
        sender=STATIONERY.letterhead.sender,
        postal_address=STATIONERY.imprint.postal_address,
        base_url=STATIONERY.imprint.base_url,
        audience=Audience(now=100, approved=100),
        is_frozen=True,
    )


def _edited(key: str, text: str) -> Inspected:
    tree = an_issue()
    source = node_of(tree, key).source_hash
    return _inspected(tree.with_texts({key: EditorsText(text=text, source_hash=source)}))


def _rules(issue: Inspected, *, blocks: bool) -> set[str]:
    return {finding.rule for finding in run_rules(issue) if finding.blocks is blocks}


def _letter(change: Callable[[Letter], Letter]) -> Inspected:
    sound = _inspected()
    return replace(sound, letter=change(sound.letter))


def _html(old: str, new: str) -> Inspected:
    def change(letter: Letter) -> Letter:
        assert old in letter.html
        return replace(letter, html=letter.html.replace(old, new))

    return _letter(change)


def _off(key: str) -> Inspected:
    tree = an_issue()
    return _inspected(
        replace(tree, sections=tuple(replace(one, is_on=one.key != key) for one in tree.sections))
    )


def test_sound_issue_trips_nothing() -> None:
    """No rule blocks or warns without a reason."""
    assert run_rules(_inspected()) == []


@pytest.mark.parametrize(
    ("issue", "rule"),
    [
        (_edited("issue/subject", ""), "subject"),
        (_edited("foreword/text", "Dear {{ name }}, hello"), "unresolved"),
        (_edited("issue/subject", "Highlights {{ year }}"), "unresolved"),
        (_edited("foreword/text", "Dear OTHER~TOKEN~SLOT"), "unresolved"),
        (_edited("issue/subject", "Highlights UNSUBSCRIBE~TOKEN~SLOT"), "unresolved"),
        (_off("mechanisms"), "section"),
        (_inspected(an_issue(year=1999)), "section"),
        (_letter(lambda letter: replace(letter, text="")), "text unsubscribe"),
        (_letter(lambda letter: replace(letter, text=letter.text.replace("Lusaka", "Ndola"))), "text"),
        (_html("Lusaka", "Ndola"), "text"),
        (_html("</body>", f"<!--{'x' * 102_400}--></body>"), "size"),
        (_html("</body>", '<img src="x.png"></body>'), "alt"),
        (_html(' lang="en"', ""), "lang"),
        (_html(' dir="ltr"', ""), "dir"),
        (_html("/u/UNSUBSCRIBE~TOKEN~SLOT", "/u/"), "unsubscribe"),
        (
            _letter(lambda letter: replace(letter, text=letter.text.replace("/u/UNSUB", "/UNSUB"))),
            "unsubscribe",
        ),
        (_edited("issue/subject", "Highlights\nBcc: everybody@example.org"), "header"),
        (replace(_inspected(), headers_refused="The header From does not fit."), "header"),
        (replace(_inspected(), sender="ISCM\r\nBcc: x@example.org <a@example.org>"), "header"),
        (replace(_inspected(), sender=""), "sender"),
        (replace(_inspected(), postal_address=" "), "postal_address"),
        (replace(_inspected(), audience=Audience(now=0)), "audience"),
        (replace(_inspected(), audience=Audience(now=111, approved=100)), "audience"),
        (replace(_inspected(), audience=Audience(now=89, approved=100)), "audience"),
        (replace(_inspected(), is_frozen=False), "hash"),
        (replace(_inspected(), is_sent=True), "sent"),
        (replace(_inspected(), base_url="https://other.example"), "base_url"),
        (replace(_inspected(), base_url=f"{SITE}/below"), "base_url"),
        (replace(_inspected(), base_url=SITE.removesuffix("e")), "base_url"),
        (_inspected(None, a_meeting(when=When.parse("2017-06-09", "2017-06-10"))), "date"),
        (_inspected(None, a_meeting(uid="another")), "date"),
        (_inspected(None, a_meeting(status=MeetingStatus.CANCELLED)), "date"),
        (_edited(KEY, "The conference met on 11–12 June 2017."), "date"),
        (_edited(KEY, "The conference met on 31 June 2017."), "date"),
        (_edited(KEY, "The conference met in July 2017."), "date"),
    ],
)
def test_rule_blocks_its_case_and_no_other_does(issue: Inspected, rule: str) -> None:
    """Each blocking rule of the preflight stops what it is for."""
    assert _rules(issue, blocks=True) == set(rule.split())


@pytest.mark.parametrize("now", [90, 100, 110])
def test_audience_may_change_by_a_tenth(now: int) -> None:
    """People come and go between approval and sending."""
    assert run_rules(replace(_inspected(), audience=Audience(now=now, approved=100))) == []


@pytest.mark.parametrize(
    "text",
    [
        "The conference met on 8–10 June 2017.",
        "The conference met from 8 to 10 June 2017.",
        "The conference met from 8 June 2017 to 10 June 2017.",
        "The conference met in June 2017.",
        "The conference met and adopted nothing.",
        "It met on 8 June – 10 June 2017.",
    ],
)
def test_editors_date_that_agrees_is_no_matter(text: str) -> None:
    """In any of the ways people write it, or not at all."""
    assert run_rules(_edited(KEY, text)) == []


def test_editors_further_date_only_warns() -> None:
    """A text that has the meeting's date may name another event's too."""
    issue = _edited(KEY, "The conference met on 8–10 June 2017, after the talks of 2 May 2016.")
    assert (_rules(issue, blocks=True), _rules(issue, blocks=False)) == (set(), {"date"})


@pytest.mark.parametrize(
    ("issue", "rule"),
    [
        (_html("</body>", f"<!--{'x' * 75_000}--></body>"), None),
        (_html("</body>", f"<!--{'x' * 88_000}--></body>"), "size"),
        (_html("<h2", "<h4"), "headings"),
        (replace(_edited("foreword/text", LOOPBACK), leaves_the_machine=True), "loopback https"),
        (_edited("foreword/text", LOOPBACK), "https"),
        (replace(_inspected(), outdated=(Outdated("x", "It met.", "It moved."),)), "outdated"),
        (_edited("issue/preheader", ""), "preheader"),
        (_edited("foreword/text", "[Click here](https://o.example) to read."), "click_here"),
        (_edited("foreword/text", "THIS YEAR MANY THINGS HAVE CHANGED, dear readers."), "capitals"),
        (_edited("foreword/text", "On illegal migration."), "irregular"),
        (_edited("foreword/text", "[Site](http://o.example)."), "https"),
        (_edited("foreword/text", "[Site](https://bit.ly/x)."), "shortener"),
        (_edited("foreword/text", "[Site](https://o.example/?a=1&utm_source=x)."), "tracking"),
        (_inspected(None, a_meeting(confidence=Confidence.LOW, notes="Year inferred.")), "confidence"),
        (_inspected(an_issue().with_texts({KEY: EditorsText(text="It met.", source_hash="old")})), "stale"),
    ],
)
def test_rule_warns_and_stops_nothing(issue: Inspected, rule: str | None) -> None:
    """A warning is told with the place it is about; nothing blocks."""
    assert (_rules(issue, blocks=True), _rules(issue, blocks=False)) == (
        set(),
        set(rule.split()) if rule else set(),
    )


def test_loopback_links_are_counted() -> None:
    """Each spelling of this machine; an address elsewhere is none."""
    issue = replace(_edited("foreword/text", LOOPBACK), leaves_the_machine=True)
    assert [str(finding) for finding in run_rules(issue) if finding.rule == "loopback"] == [
        (
            "3 link(s) lead to this machine, where readers cannot come. Set ISCM_BASE_URL and compile again: "
            "iscm newsletter compile 2017 (http://127.0.0.1:8000/x)"
        )
    ]


def test_findings_say_where() -> None:
    """The sentence a person reads has the evidence in it, and what blocks comes first."""
    issue = replace(
        _inspected(None, a_meeting(confidence=Confidence.LOW, notes="Year inferred.")),
        audience=Audience(now=0),
    )
    assert [str(finding) for finding in run_rules(issue)] == [
        "Nobody would receive it: there is no confirmed subscriber.",
        (
            "The record is not sure (low confidence): The 2017 MIDSA Conference, 8–10 June 2017 in Lusaka, Zambia. "  # noqa: E501 - a sentence stands whole
            "(Year inferred.)"
        ),
    ]
