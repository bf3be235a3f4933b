"""Whether receivers can tell that our mail is ours: DKIM, SPF and DMARC, in plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from iscm.doctor.finding import Finding, ok, problem, warning
from iscm.doctor.names import Names
from newsletter.dkim.signing import Signer

_RECOMMENDED_BITS: Final = 2048
# Second levels under which, in many countries, everybody's own names begin: nobody owns "org.uk" alone.
_SHARED: Final = frozenset(
    [
        "ac",
        "co",
        "com",
        "edu",
        "gob",
        "gouv",
        "gov",
        "go",
        "govt",
        "int",
        "mil",
        "ne",
        "net",
        "nom",
        "or",
        "org",
        "sch",
        "gub",
        "gv",
        "asso",
        "presse",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The domains that a mail names: the sender a person sees, the envelope's, and who signs, if anybody."""

    sender: str
    bounces: str
    signer: Signer | None


def wanted_names(who: Identity) -> list[str]:
    """Return the names whose TXT records tell whether receivers will take our mail for ours."""
    names = _policy_names(who)
    if who.bounces:
        names.append(who.bounces)
    if who.signer is not None:
        names.append(_key_name(who.signer))
    return names


def organization_of(domain: str) -> str:
    """Return the domain that was registered, of which this is a part: example.org of mail.example.org.

    Without the list of public suffixes, which is a file of its own to be kept: two labels, three where the
    second is one that a country gives everybody's names out under.
    """
    labels = domain.split(".")
    is_shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3:] if is_shared else labels[-2:])


def is_aligned(domain: str, sender: str, *, is_strict: bool = False) -> bool:
    """Tell whether DMARC takes a domain for the sender's: the same, or of the same owner (RFC 7489, 3.1)."""
    return domain == sender if is_strict else organization_of(domain) == organization_of(sender)


def of_signing(who: Identity, *, mode: int | None, leaves: bool) -> Finding:
    """Whether mail is signed, with a key that will do; `mode` are the permissions of its file."""
    signer = who.signer
    if signer is None:
        if not leaves:
            return ok("dkim", "Nothing is signed, while mail stays on this machine.")
        return warning(
            "dkim",
            "ISCM_DKIM_KEY_FILE is not set: mail is not signed here. Large providers refuse letters to many "
            "that nobody signed.",
            "Make a key: iscm dkim key FILE, and set the three ISCM_DKIM settings. Or have the relay sign.",
        )
    found = f"Mail is signed by {signer.domain} with the key {signer.selector} of {signer.key.bits} bits."
    if mode is not None and mode & 0o077:
        return problem(
            "dkim",
            f"{found} Others on this machine can read the key.",
            "Run: chmod 600 on ISCM_DKIM_KEY_FILE.",
        )
    if not is_aligned(signer.domain, who.sender):
        return problem(
            "dkim",
            f"{found} The sender is at {who.sender}, which is not of the same owner: the signature says "
            "nothing of the sender people see.",
            f"Set ISCM_DKIM_DOMAIN to {organization_of(who.sender)} or {who.sender}.",
        )
    if signer.key.bits < _RECOMMENDED_BITS:
        return warning("dkim", found, "Make a key of 2048 bits under a new selector: iscm dkim key FILE")
    return ok("dkim", found)


def of_key_record(signer: Signer, texts: Sequence[str] | None) -> Finding:
    """Whether others find the key that checks our signatures; None: the record was not given."""
    from newsletter.dkim.record import faults_of, is_on_trial

    name = _key_name(signer)
    if texts is None:
        return warning(
            "dkim record",
            f"The TXT record at {name} was not looked at.",
            f"Give it: dig +noall +answer TXT {name} > records; iscm doctor --dns records. "
            "Or have it asked: iscm doctor --ask-dns",
        )
    faults = list(faults_of(texts, signer.key))
    if faults:
        advice = f"Publish what `iscm dkim record` prints, at {name}."
        return problem("dkim record", f"{name}: {' '.join(faults)}", advice)
    if is_on_trial(texts):
        found = f"{name} holds our key, and says t=y: receivers treat our mail as if it were not signed."
        return warning("dkim record", found, "Take t=y out of the record once letters arrive.")
    return ok("dkim record", f"{name} holds our key.")


def of_spf(who: Identity, names: Names | None, *, relay: str) -> Finding:
    """Which domain SPF is asked of, whether that counts for the sender, and what its record says."""
    domain = who.bounces or who.sender
    counts = is_aligned(domain, who.sender)
    means = f"SPF is asked of {domain}, which mail comes back to (ISCM_BOUNCE_DOMAIN). " + (
        f"It is of the same owner as the sender's {who.sender}, so it counts for DMARC."
        if counts
        else f"It is not of the same owner as the sender's {who.sender}, so it does not count for DMARC."
    )
    if counts and not is_aligned(domain, who.sender, is_strict="aspf" in _strict(who, names)):
        counts = False
        means = (
            f"SPF is asked of {domain}, which mail comes back to (ISCM_BOUNCE_DOMAIN). The DMARC record "
            f"wants {who.sender} itself (aspf=s), so it does not count for DMARC."
        )
    if not counts and who.signer is None:
        return problem(
            "spf", f"{means} Nothing is signed either.", f"Let it be below {organization_of(who.sender)}."
        )
    if names is None:
        return ok("spf", means)
    texts = names.at(domain, begins="v=spf1")
    records = [text for text in texts or () if text.lower().split(" ")[0] == "v=spf1"]
    if len(records) == 1:
        return _of_spf_record(means, records[0], relay)
    advice = f"Publish one that names the relay {relay}: v=spf1 … -all"
    if texts is None:
        return warning("spf", f"{means} Its record was not given.", advice)
    what = f"It has {len(records)} SPF records, which counts as none." if records else "It has no SPF record."
    return problem("spf", f"{means} {what}", advice)


def _of_spf_record(means: str, record: str, relay: str) -> Finding:
    terms = record.lower().split()[1:]
    found = f"{means} Its record is “{record}”."
    if {"+all", "all", "?all"} & set(terms):
        return problem("spf", f"{found} It lets anybody send.", "Let it end with -all or ~all.")
    if not [term for term in terms if not term.endswith("all")]:
        return problem("spf", f"{found} It lets nobody send.", f"Name the relay {relay} in it.")
    if not terms[-1].endswith("all") and not any(term.startswith("redirect=") for term in terms):
        return warning("spf", f"{found} It does not say what of all others.", "Let it end with -all or ~all.")
    return ok("spf", f"{found} See that it names the relay {relay}.")


def of_dmarc(who: Identity, names: Names | None) -> Finding:
    """What receivers are asked to do with mail that is not ours, and by what ours passes."""
    texts = _policies(who, names) if names is not None else None
    records = _dmarc_tags(texts or ())
    ways = list(_ways(who, _strict(who, names)))
    if not ways:
        said = f"Mail from {who.sender} cannot pass DMARC: neither signature nor envelope is of that domain."
        advice = f"Set ISCM_DKIM_DOMAIN or ISCM_BOUNCE_DOMAIN to {who.sender}, or to one below it."
        return problem("dmarc", said, advice)
    passes = f"Mail from {who.sender} passes DMARC by {' and by '.join(ways)}."
    if names is None:
        return ok("dmarc", passes)
    if len(records) != 1:
        what = "There are several records, which counts as none." if records else "There is no DMARC record."
        advice = f"Publish v=DMARC1; p=none; rua=mailto:… at _dmarc.{organization_of(who.sender)}"
        said = f"{passes} {what if texts is not None else 'Its record was not given.'}"
        return warning("dmarc", said, advice)
    policy = records[0].get("p", "none")
    does = {"none": "let it pass", "quarantine": "put it among spam", "reject": "refuse it"}.get(
        policy, policy
    )
    said = f"{passes} What to do with mail that is not ours, in the record's words: {does} (p={policy})."
    if who.signer is None:
        return warning("dmarc", f"{said} Forwarded mail fails SPF.", "Sign mail too: iscm dkim key FILE")
    return ok("dmarc", said)


def _strict(who: Identity, names: Names | None) -> set[str]:
    """Return of which of adkim and aspf the DMARC record, where it was given, wants the very domain."""
    records = _dmarc_tags(_policies(who, names) or ()) if names is not None else []
    return {name for name in ("adkim", "aspf") if records and records[0].get(name) == "s"}


def _policies(who: Identity, names: Names) -> tuple[str, ...] | None:
    """Return the texts at the sender's own name for policies, or at its owner's (RFC 7489 section 6.6.3)."""
    known = [names.at(name, begins="v=DMARC1") for name in _policy_names(who)]
    return next(
        (texts for texts in known if texts), next((texts for texts in known if texts is not None), None)
    )


def _policy_names(who: Identity) -> list[str]:
    return [f"_dmarc.{one}" for one in dict.fromkeys((who.sender, organization_of(who.sender)))]


def _dmarc_tags(texts: Sequence[str]) -> list[dict[str, str]]:
    from newsletter.dkim.record import tags_of

    return [tags for text in texts if (tags := tags_of(text)) and tags.get("v") == "DMARC1"]


def _ways(who: Identity, strict: set[str]) -> Iterator[str]:
    if who.signer is not None and is_aligned(who.signer.domain, who.sender, is_strict="adkim" in strict):
        yield f"its signature (d={who.signer.domain})"
    domain = who.bounces or who.sender
    if is_aligned(domain, who.sender, is_strict="aspf" in strict):
        yield f"SPF of {domain}"


def _key_name(signer: Signer) -> str:
    return f"{signer.selector}._domainkey.{signer.domain}"
