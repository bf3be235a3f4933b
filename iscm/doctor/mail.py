"""Mail: the server it leaves by, what letters say of their sender, who is told of trouble."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from iscm.doctor.finding import Finding, ok, problem, warning

EXPIRES_SOON: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """How the mail server received us.

    By which encryption (None: none), whether its certificate was checked and when it expires, and whether we
    signed in.
    """

    encryption: str | None
    is_checked: bool
    expires: datetime | None
    signed_in: bool


def of_server(
    *, name: str, is_here: bool, met: MailServer | None, fault: str | None, now: datetime
) -> Finding:
    """Whether letters could leave now. `is_here` says that the server is on this machine."""
    if met is None:
        return problem(
            "mail server",
            fault or f"{name} cannot be used.",
            "Letters wait until it takes them. Check ISCM_SMTP_URL, the server, and what stands between.",
        )
    found = f"{name} takes our mail ({_manner(met)})."
    if met.encryption is None and not is_here:
        return warning("mail server", found, "Add ?starttls=required to ISCM_SMTP_URL, or use smtps://.")
    if met.encryption is not None and not met.is_checked and not is_here:
        return warning(
            "mail server",
            found,
            "Add ?starttls=required to ISCM_SMTP_URL, so that its certificate is checked.",
        )
    if met.expires is not None and met.expires - now < EXPIRES_SOON:
        return warning(
            "mail server",
            f"{found[:-1]} Its certificate expires on {met.expires:%Y-%m-%d}.",
            "Have it renewed: after that day no letter leaves.",
        )
    return ok("mail server", found)


def of_local_mailbox(*, is_public: bool) -> Finding:
    """What it means that no mail server is set; `is_public` says that the site has an address of its own."""
    found = "ISCM_SMTP_URL is not set: all mail stays in the local mailbox."
    if is_public:
        return warning("mail server", found, "Nobody who subscribes hears of it. Set ISCM_SMTP_URL.")
    return ok("mail server", found)


def of_exposed_mailbox(*, host: str, is_open: bool) -> Finding:
    """Whether others than this machine can read the local mailbox, which asks nobody who they are."""
    if not is_open:
        return ok("local mailbox", "Nobody else can read it.")
    return warning(
        "local mailbox",
        f"/mailbox shows every mail to whoever reaches this service (it listens on {host}).",
        "Set ISCM_SMTP_URL, or listen on 127.0.0.1 only, or close /mailbox in the proxy.",
    )


def of_sender(*, sender: str, reply_to: str, bounce_domain: str, leaves: bool) -> Finding:
    """What letters say of where they come from; `leaves` says that mail leaves the machine."""
    if not sender:
        return problem("sender", "ISCM_MAIL_FROM is not set: no mail can be sent.", "Set it to the sender.")
    if not leaves:
        return ok("sender", f"{sender}, while mail stays on this machine.")
    answers = (
        f"answers go to {reply_to}" if reply_to else "answers go to it too (ISCM_MAIL_REPLY_TO is not set)"
    )
    found = f"{sender}; {answers}; what cannot be delivered comes back to {bounce_domain or 'it'}."
    if bounce_domain:
        return ok("sender", found)
    return warning("sender", found, "Set ISCM_BOUNCE_DOMAIN, so that bounces tell which letter came back.")


def of_postal_address(address: str) -> Finding:
    """Whether letters carry the postal address that laws on mail ask for."""
    if address.strip():
        return ok("postal address", address)
    return problem(
        "postal address", "ISCM_POSTAL_ADDRESS is not set: no issue can be approved.", "Set it to yours."
    )


def of_alert_to(address: str) -> Finding:
    """Whether anybody is told of trouble."""
    if address:
        return ok("alarm mail", f"Goes to {address}.")
    return warning(
        "alarm mail", "ISCM_ALERT_TO is not set: trouble is told in the log only.", "Set it to an address."
    )


def _manner(met: MailServer) -> str:
    words = [met.encryption or "not encrypted"]
    if met.encryption is not None:
        words.append("certificate checked" if met.is_checked else "certificate not checked")
    words.append("signed in" if met.signed_in else "without signing in")
    return ", ".join(words)
