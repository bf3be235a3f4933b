"""What readers and editors do about letters, in journeys."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.house import House, Mail, path_in, until


def confirm(house: House, address: str) -> None:
    """Sign up by the form, and confirm by the button behind the mail's link."""
    assert house.post("/newsletter", address=address, language="en").status == 200
    assert house.post(path_in(mail_to(house, address).text, "/c/")).status == 200


def mail_to(house: House, address: str) -> Mail:
    """The one mail to that address in the local mailbox, within three seconds."""

    def look() -> list[Mail]:
        return [mail for mail in house.mails() if mail.recipient == address]

    (mail,) = until(look, seconds=3, what=f"the mail to {address}")
    return mail


def letters(house: House) -> list[Mail]:
    """The letters in the local mailbox, confirmations left out."""
    return [mail for mail in house.mails() if mail.is_letter]


def approve(house: House, year: int) -> str:
    """Compile a year and approve it; give the issue's code."""
    code = house.run("newsletter", "compile", str(year)).strip()
    house.run("newsletter", "approve", code)
    return code


def schedule(house: House, code: str, *, seconds: int = 3, not_after: int | None = None) -> datetime:
    """Schedule the issue in so many seconds, in more on a machine too slow for it; give the instant."""
    while True:
        at = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
        words = ["newsletter", "schedule", code, "--zone", "UTC", "--at", f"{at:%Y-%m-%d %H:%M:%S}"]
        if not_after is not None:
            words += ["--not-after", f"{at + timedelta(seconds=not_after):%Y-%m-%d %H:%M:%S}"]
        ended = house.command(*words)
        if ended.returncode == 0:
            return at
        assert "is past" in ended.stderr, ended.stderr
        assert seconds < 60
        seconds *= 2


def status(house: House, code: str) -> dict[str, Any]:
    """The numbers of an issue."""
    found = house.listed("newsletter", "status", code)
    assert isinstance(found, dict)
    return found


def readers(house: House, number: int) -> list[str]:
    """Put so many confirmed readers on record, by a file; give their addresses, sorted."""
    addresses = [f"reader-{place:04d}@example.org" for place in range(number)]
    file = house.folder / "readers.csv"
    file.write_text("address,language\n" + "".join(f"{one},en\n" for one in addresses))
    house.run("subscribers", "import", str(file), "--confirmed")
    return addresses


def standings(house: House) -> dict[str, str]:
    """How each reader stands, by address."""
    return {row["address"]: row["state"] for row in house.listed("subscribers", "list")}


def mailed_by(url: str) -> dict[str, str]:
    """The settings of a house whose mail leaves by that server."""
    return {
        "ISCM_SMTP_URL": url,
        "ISCM_MAIL_FROM": "ISCM Highlights <highlights@example.org>",
        "ISCM_POSTAL_ADDRESS": "1 Example Street, 1211 Geneva, Switzerland",
    }
