"""The pages of the local mailbox."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from models import Database
from tests.web.visitor import site, visitor

PIXEL = b"\x89PNG pretended"


def keep_mail(folder: Path, name: str, subject: str = "Confirm", *, html: str | None = None) -> bytes:
    """Put a mail where the mailbox keeps it."""
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "delegate@example.org", subject
    mail["List-Unsubscribe"] = "<https://iscm.example/u/x>"
    mail.set_content("Welcome <b>\nhttps://iscm.example/c/AAAA")
    if html is not None:
        mail.add_alternative(html, subtype="html")
        part = mail.get_payload()[1]  # type: ignore[index] # an EmailMessage with an alternative has parts
        part.add_related(PIXEL, "image", "png", cid="<map@iscm>")  # type: ignore[union-attr] # and they are messages
    folder.mkdir(exist_ok=True)
    source = b"Return-Path: <b@iscm.example>\r\nX-Envelope-To: <delegate@example.org>\r\n" + mail.as_bytes()
    (folder / f"{name}.eml").write_bytes(source)
    return source


def test_mailbox_says_that_nothing_leaves_the_machine(sqlite_database: Database, tmp_path: Path) -> None:
    """Empty or not even there yet, the page stands and says what it is."""
    text = visitor(sqlite_database, of=site(mailbox=tmp_path / "mailbox")).get("/mailbox").text
    assert "Nothing leaves this machine." in text
    assert "No mail has arrived yet." in text


def test_mailbox_is_only_the_local_one(sqlite_database: Database) -> None:
    """Where a mail server is set there is no mailbox, and no word of it."""
    client = visitor(sqlite_database, of=site(mailbox=None))
    assert client.get("/mailbox").status_code == 404
    assert "mailbox" not in client.get("/").text


def test_mail_with_its_parts(sqlite_database: Database, tmp_path: Path) -> None:
    """HTML in a frame of its own, text, headers and the very bytes."""
    html = '<html><head><title>x</title></head><body><img src="cid:map@iscm"><script>1</script></body></html>'
    source = keep_mail(tmp_path, "20261123T120000.000001-abcd", html=html)
    client = visitor(sqlite_database, of=site(mailbox=tmp_path))
    assert "/mailbox/20261123T120000.000001-abcd" in client.get("/mailbox").text
    base = "/mailbox/20261123T120000.000001-abcd"
    page, framed = client.get(base), client.get(f"{base}/html")
    assert f'src="{base}/html"' in page.text
    assert "Welcome &lt;b&gt;" in page.text
    assert "<dt>List-Unsubscribe</dt><dd>&lt;https://iscm.example/u/x&gt;</dd>" in page.text
    assert page.headers["content-security-policy"].endswith("; frame-src 'self'")
    assert (
        framed.text
        == html.replace("<head>", '<head><base target="_top">').replace(
            "cid:map@iscm", f"{base}/pictures/map@iscm"
        )
        + "\n"
    )
    picture = client.get(f"{base}/pictures/map@iscm")
    assert (picture.headers["content-type"], picture.content) == ("image/png", PIXEL)
    assert client.get(f"{base}/source").content == source
    assert client.get(f"{base}/text").text.startswith("Welcome <b>")


def test_mail_in_its_frame_can_do_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    """No script, no form, nothing from elsewhere, no origin of ours, and no frame but ours."""
    keep_mail(tmp_path, "one", html="<p>x</p>")
    policy = (
        visitor(sqlite_database, of=site(mailbox=tmp_path))
        .get("/mailbox/one/html")
        .headers["content-security-policy"]
    )
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert "allow-scripts" not in rules["sandbox"]
    assert "allow-same-origin" not in rules["sandbox"]
    assert (rules["default-src"], rules["form-action"], rules["frame-ancestors"]) == (
        "'none'",
        "'none'",
        "'self'",
    )
    assert "script-src" not in rules


def test_mails_newest_first_and_older_ones_further_on(sqlite_database: Database, tmp_path: Path) -> None:
    """A sending of hundreds is read page by page; drafts being written are not shown."""
    for number in range(60):
        keep_mail(tmp_path, f"20261123T12{number:02}00.000000-aa", f"Letter {number:02}")
    (tmp_path / ".draft.eml").write_bytes(b"half")
    client = visitor(sqlite_database, of=site(mailbox=tmp_path))
    first = client.get("/mailbox").text
    older = client.get("/mailbox?before=20261123T121000.000000-aa").text
    assert [first.count("Letter "), older.count("Letter ")] == [50, 10]
    assert first.index("Letter 59") < first.index("Letter 10")
    assert "/mailbox?before=20261123T121000.000000-aa" in first
    assert "half" not in first


@pytest.mark.parametrize("name", ["..%2Fsecret", "%2e%2e%2fsecret", ".draft", "none", "a%00b", "sub%2Fmail"])
def test_no_name_reaches_outside_the_folder(sqlite_database: Database, tmp_path: Path, name: str) -> None:
    """Only mails of the folder are read, whatever the address says."""
    folder = tmp_path / "mailbox"
    keep_mail(folder, ".draft")
    keep_mail(tmp_path, "secret")
    client = visitor(sqlite_database, of=site(mailbox=folder))
    assert [client.get(f"/mailbox/{name}{part}").status_code for part in ("", "/source", "/html")] == [
        404
    ] * 3


@pytest.mark.parametrize(
    "source",
    [b"", b"\xff\xfe\x00", b"Subject: =?utf-8?q?=ff?=\r\nContent-Type: text/html; charset=no\r\n\r\nx"],
)
def test_broken_mail_is_shown_as_far_as_it_can_be(
    sqlite_database: Database, tmp_path: Path, source: bytes
) -> None:
    """A mail that no parser likes still has its page and its source."""
    (tmp_path / "odd.eml").write_bytes(source)
    client = visitor(sqlite_database, of=site(mailbox=tmp_path))
    assert [client.get(path).status_code for path in ("/mailbox", "/mailbox/odd", "/mailbox/odd/source")] == [
        200
    ] * 3
    assert client.get("/mailbox/odd/source").content == source
