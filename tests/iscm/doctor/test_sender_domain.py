"""DKIM, SPF and DMARC as the doctor tells them: by the settings alone, and with the records of DNS."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from dns import message, rcode, resolver, rrset

from iscm.doctor.finding import Finding, Level
from iscm.doctor.names import Names, NoResolver, ask_names, read_names
from iscm.doctor.sender_domain import (
    Identity,
    is_aligned,
    of_dmarc,
    of_key_record,
    of_signing,
    of_spf,
    organization_of,
    wanted_names,
)
from newsletter.dkim.key import record_name, zone_line
from newsletter.dkim.signing import Signer
from tests.signing import key

OK, WARNING, PROBLEM = Level.OK, Level.WARNING, Level.PROBLEM
NAME = "a._domainkey.example.org"


def _signer(domain: str = "example.org") -> Signer:
    return Signer(domain=domain, selector="a", key=key())


def _who(
    *, sender: str = "example.org", bounces: str = "bounces.example.org", signer: Signer | None = None
) -> Identity:
    return Identity(sender=sender, bounces=bounces, signer=signer)


def _names(**texts: tuple[str, ...]) -> Names:
    places = {"spf": "bounces.example.org", "dmarc": "_dmarc.example.org"}
    return Names({places[kind]: found for kind, found in texts.items()})


def _level(finding: Finding) -> Level:
    assert bool(finding.advice) == (finding.level is not OK)
    return finding.level


@pytest.mark.parametrize(
    ("domain", "organization"),
    [
        ("example.org", "example.org"),
        ("mail.example.org", "example.org"),
        ("a.b.iom.int", "iom.int"),
        ("mail.example.org.uk", "example.org.uk"),
        ("x.gob.mx", "x.gob.mx"),
        ("localhost", "localhost"),
    ],
)
def test_owner_of_a_domain(domain: str, organization: str) -> None:
    """The registered domain, also below what a country gives names out under."""
    assert organization_of(domain) == organization


def test_alignment_is_relaxed_unless_strict() -> None:
    """The same owner will do; strict asks for the very domain."""
    assert is_aligned("bounces.example.org", "example.org")
    assert not is_aligned("bounces.example.org", "example.org", is_strict=True)
    assert not is_aligned("relay.example.net", "example.org")
    assert not is_aligned("a.org.uk", "b.org.uk")


@pytest.mark.parametrize(
    ("who", "mode", "leaves", "expected"),
    [
        (_who(), None, False, OK),
        (_who(), None, True, WARNING),
        (_who(signer=_signer()), 0o600, True, OK),
        (_who(signer=_signer()), 0o640, True, PROBLEM),
        (_who(signer=_signer("mail.example.org")), 0o600, True, OK),
        (_who(signer=_signer("relay.example.net")), 0o600, True, PROBLEM),
    ],
)
def test_signing(who: Identity, mode: int | None, *, leaves: bool, expected: Level) -> None:
    """Whether mail is signed, by whom, and who can read the key."""
    assert _level(of_signing(who, mode=mode, leaves=leaves)) is expected


def test_key_is_compared_with_the_record_that_is_given() -> None:
    """The same, another, none, on trial, or not given: never asked by itself."""
    said = [
        (_level(finding), finding.found)
        for finding in (
            of_key_record(_signer(), [key().record]),
            of_key_record(_signer(), [f"{key().record}; t=y"]),
            of_key_record(_signer(), ["v=DKIM1; p="]),
            of_key_record(_signer(), []),
            of_key_record(_signer(), None),
        )
    ]
    assert said == [
        (OK, f"{NAME} holds our key."),
        (WARNING, f"{NAME} holds our key, and says t=y: receivers treat our mail as if it were not signed."),
        (PROBLEM, f"{NAME}: The record says that the key was withdrawn (p= is empty)."),
        (PROBLEM, f"{NAME}: There is no TXT record at this name."),
        (WARNING, f"The TXT record at {NAME} was not looked at."),
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("v=spf1 include:relay.example.net -all", "other=1"), OK),
        (("v=spf1 redirect=_spf.example.net",), OK),
        (("v=spf1 ip4:192.0.2.1",), WARNING),
        (("v=spf1 include:relay.example.net +all",), PROBLEM),
        (("v=spf1 -all",), PROBLEM),
        (("v=spf1 mx -all", "v=spf1 a -all"), PROBLEM),
        ((), PROBLEM),
    ],
)
def test_spf_record(texts: tuple[str, ...], expected: Level) -> None:
    """What it says of others than the relay."""
    finding = of_spf(_who(), _names(spf=texts), relay="relay.example.net")
    assert _level(finding) is expected


def test_spf_is_explained_without_records() -> None:
    """Which domain is asked, and whether it counts; alone and elsewhere it is a problem."""
    assert of_spf(_who(), None, relay="r").found == (
        "SPF is asked of bounces.example.org, which mail comes back to (ISCM_BOUNCE_DOMAIN). "
        "It is of the same owner as the sender's example.org, so it counts for DMARC."
    )
    away = _who(bounces="bounces.example.net")
    assert _level(of_spf(away, None, relay="r")) is PROBLEM
    signed = of_spf(_who(bounces="bounces.example.net", signer=_signer()), None, relay="r")
    assert (_level(signed), "does not count for DMARC" in signed.found) == (OK, True)
    assert _level(of_spf(_who(), Names({}), relay="r")) is WARNING
    strict = _names(spf=("v=spf1 mx -all",), dmarc=("v=DMARC1; p=none; aspf=s",))
    assert (
        "example.org itself (aspf=s), so it does not count"
        in of_spf(_who(signer=_signer()), strict, relay="r").found
    )
    assert _level(of_spf(_who(), strict, relay="r")) is PROBLEM


@pytest.mark.parametrize(
    ("who", "names", "expected", "words"),
    [
        (
            _who(signer=_signer()),
            None,
            OK,
            "by its signature (d=example.org) and by SPF of bounces.example.org",
        ),
        (_who(bounces="x.example.net"), None, PROBLEM, "cannot pass DMARC"),
        (_who(signer=_signer()), _names(dmarc=("v=DMARC1; p=reject",)), OK, "refuse it (p=reject)"),
        (_who(), _names(dmarc=("v=DMARC1; p=none",)), WARNING, "Forwarded mail fails SPF."),
        (_who(signer=_signer()), _names(dmarc=()), WARNING, "There is no DMARC record."),
        (_who(signer=_signer()), Names({}), WARNING, "Its record was not given."),
        (
            _who(signer=_signer("mail.example.org")),
            _names(dmarc=("v=DMARC1; p=reject; adkim=s; aspf=s",)),
            PROBLEM,
            "cannot pass DMARC",
        ),
        (
            _who(sender="letters.example.org", signer=_signer()),
            _names(dmarc=("v=DMARC1; p=quarantine",)),
            OK,
            "put it among spam",
        ),
    ],
)
def test_dmarc(who: Identity, names: Names | None, expected: Level, words: str) -> None:
    """By what mail passes, under the record's own terms, at the sender's name or at its owner's."""
    finding = of_dmarc(who, names)
    assert (_level(finding), words in finding.found) == (expected, True)


def test_records_are_read_as_tools_write_them() -> None:
    """Zone lines, dig, nslookup, brackets over lines, strings to be joined, and bare texts."""
    text = key().record
    split = zone_line(record_name(selector="b", domain="example.org"), text)
    names = read_names(
        f"""
        ; <<>> DiG <<>> a comment (with a bracket
        {split}
        C._domainkey.Example.org. 3600 IN TXT ( "v=DKIM1; k=rsa; " ; half
            "p=abc" )
        bounces.example.org\ttext = "v=spf1 mx -all"
        example.org. 300 IN MX 10 mail.example.org.
        v=DMARC1; p=reject; rua=mailto:x@example.org
        "v=DKIM1; p=bare"
        """
    )
    assert dict(names.by_name) == {
        "b._domainkey.example.org": (text,),
        "c._domainkey.example.org": ("v=DKIM1; k=rsa; p=abc",),
        "bounces.example.org": ("v=spf1 mx -all",),
    }
    assert names.nameless == ("v=DMARC1; p=reject; rua=mailto:x@example.org", "v=DKIM1; p=bare")
    assert names.at("any.example", begins="v=dkim1") == ("v=DKIM1; p=bare",)
    assert names.at("any.example", begins="v=spf1") is None


def test_names_to_ask_are_those_that_matter() -> None:
    """Policy of the sender and its owner, the envelope's domain, the key."""
    assert wanted_names(_who(sender="news.example.org", signer=_signer())) == [
        "_dmarc.news.example.org",
        "_dmarc.example.org",
        "bounces.example.org",
        "a._domainkey.example.org",
    ]


@contextmanager
def _name_server(records: dict[str, list[str]]) -> Iterator[resolver.Resolver]:
    """Give a resolver that asks a server of our own, which knows these records and fails for all others."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            while True:
                asked, client = server.recvfrom(4096)
                if not asked:
                    return
                query = message.from_wire(asked)
                name = query.question[0].name
                found = records.get(str(name).rstrip("."))
                reply = message.make_response(query)
                if found is None:
                    reply.set_rcode(rcode.SERVFAIL)
                elif found:
                    parts = [[text[i : i + 200] for i in range(0, len(text), 200)] for text in found]
                    lines = [" ".join(f'"{part}"' for part in text) for text in parts]
                    reply.answer.append(rrset.from_text(name, 60, "IN", "TXT", *lines))
                server.sendto(reply.to_wire(), client)

        thread = threading.Thread(target=answer)
        thread.start()
        asking = resolver.Resolver(configure=False)
        asking.nameservers, asking.port = ["127.0.0.1"], server.getsockname()[1]
        try:
            yield asking
        finally:
            server.sendto(b"", server.getsockname())
            thread.join()


def test_names_are_asked_where_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long texts are joined; a name without records has none, one that cannot be asked is another matter."""
    text = key().record
    with _name_server({"a.example.org": [text, "other"], "none.example.org": []}) as asking:
        monkeypatch.setattr(resolver, "default_resolver", asking)
        found = ask_names(["a.example.org", "none.example.org", "a.example.org"])
        assert {name: sorted(texts) for name, texts in found.by_name.items()} == {
            "a.example.org": sorted([text, "other"]),
            "none.example.org": [],
        }
        with pytest.raises(NoResolver, match="DNS does not answer for fails"):
            ask_names(["fails.example.org"])


def test_asking_without_the_extra_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install it, or hand the records over."""
    monkeypatch.setitem(sys.modules, "dns", None)
    with pytest.raises(NoResolver, match=r"pip install 'iscm-service\[dns\]'.*iscm doctor --dns records"):
        ask_names(["a.example.org"])
