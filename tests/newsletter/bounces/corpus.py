"""Returned mails as programs write them, each made here from its format: nothing is copied from a mail.

Each takes the letter it is about, so that tests can also forge, mix up and damage them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from newsletter.envelope_id import envelope_id_of


@dataclass(frozen=True)
class Letter:
    """The letter that came back."""

    number: int
    to: str
    message_id: str
    return_address: str

    @property
    def headers(self) -> str:
        """Its header, as a report returns it."""
        return (
            f"Return-Path: <{self.return_address}>\nFrom: ISCM Highlights <highlights@iscm.example>\n"
            f"To: {self.to}\nSubject: ISCM Highlights 2017\nMessage-ID: <{self.message_id}>\n"
        )


def postfix(letter: Letter, *, status: str = "5.1.1", action: str = "failed", said: str = "") -> bytes:
    """Postfix: a notice, a report, the returned headers."""
    said = said or f"550 {status} <{letter.to}>: Recipient address rejected: User unknown"
    return report(
        letter,
        sender="MAILER-DAEMON@relay.example (Mail Delivery System)",
        subject="Undelivered Mail Returned to Sender",
        status=f"""Reporting-MTA: dns; relay.example
Original-Envelope-Id: {envelope_id_of(letter.number, letter.message_id)}
X-Postfix-Queue-ID: 4XyZ12ABcz9
X-Postfix-Sender: rfc822; {letter.return_address}
Arrival-Date: Mon, 14 Dec 2026 08:00:01 +0000 (UTC)

Final-Recipient: rfc822; {letter.to}
Original-Recipient: rfc822;{letter.to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; {said}
""",
        returned="text/rfc822-headers",
    )


def postfix_general(letter: Letter) -> bytes:
    """Postfix before a server that gives no enhanced code."""
    return postfix(letter, status="5.0.0", said="550 No such mailbox here")


def exim(letter: Letter) -> bytes:
    """Exim, which writes 5.0.0 and quotes the other server."""
    mail = report(
        letter,
        sender="Mail Delivery System <Mailer-Daemon@exim.example>",
        subject="Mail delivery failed: returning message to sender",
        status=f"""Reporting-MTA: dns; exim.example

Action: failed
Final-Recipient: rfc822;{letter.to}
Status: 5.0.0
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 The mailbox does not exist
""",
        returned="message/rfc822",
    )
    return f"X-Failed-Recipients: {letter.to}\nAuto-Submitted: auto-replied\n".encode() + mail


def exim_plain(letter: Letter) -> bytes:
    """Exim before it wrote reports in parts."""
    return f"""X-Failed-Recipients: {letter.to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@old.example>
To: {letter.return_address}
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {letter.to}
    host mx.example.org [192.0.2.25]
    SMTP error from remote mail server after RCPT TO:<{letter.to}>:
    550 5.1.1 No such user

------ This is a copy of the message, including all the headers. ------

{letter.headers}
The letter.
""".encode()


def exchange(letter: Letter) -> bytes:
    """Exchange on premises: the notice as HTML in base64, the report after it."""
    return report(
        letter,
        sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@ministry.example>",
        subject="=?utf-8?B?Tm9uIHJlbWlzwqA6IElTQ00gSGlnaGxpZ2h0cw==?=",
        status=f"""Reporting-MTA: dns;mail.ministry.example
Received-From-MTA: dns;relay.example
Arrival-Date: Mon, 14 Dec 2026 08:00:02 +0000

Final-Recipient: rfc822;{letter.to}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found
X-Display-Name: Amina
""",
        returned="message/rfc822",
    )


def microsoft_365(letter: Letter) -> bytes:
    """Exchange Online, with its longer codes."""
    return report(
        letter,
        sender="postmaster@tenant.example",
        subject="Undeliverable: ISCM Highlights 2017",
        status=f"""Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.exchangelabs.example
Received-From-MTA: dns;relay.example
Arrival-Date: Mon, 14 Dec 2026 08:00:02 +0000

Final-Recipient: rfc822;{letter.to}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
""",
        returned="message/rfc822",
    )


def gmail(letter: Letter) -> bytes:
    """Gmail, whose notice is an alternative inside a related inside the report."""
    return report(
        letter,
        sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        subject="Delivery Status Notification (Failure)",
        status=f"""Reporting-MTA: dns; googlemail.com
Arrival-Date: Mon, 14 Dec 2026 00:00:03 -0800 (PST)
X-Original-Message-ID: <{letter.message_id}>

Final-Recipient: rfc822; {letter.to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com.
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
 550 5.1.1 Please try again.
Last-Attempt-Date: Mon, 14 Dec 2026 00:00:04 -0800 (PST)
""",
        returned="message/rfc822",
        notice='multipart/related; boundary="inner"',
        words="--inner\nContent-Type: text/plain; charset=UTF-8\n\nAddress not found\n--inner--\n",
    )


def sendmail(letter: Letter) -> bytes:
    """Sendmail: Received-From-MTA, a status without more, its own words after the type."""
    return report(
        letter,
        sender="Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example>",
        subject="Returned mail: see transcript for details",
        status=f"""Reporting-MTA: dns; sendmail.example
Received-From-MTA: DNS; relay.example
Arrival-Date: Mon, 14 Dec 2026 08:00:02 GMT

Original-Recipient: rfc822;{letter.to}
Final-Recipient: RFC822; {letter.to}
Action: failed
Status: 5.1.1
Remote-MTA: DNS; mx.example.org
Diagnostic-Code: SMTP; 550 5.1.1 <{letter.to}>... User unknown
Last-Attempt-Date: Mon, 14 Dec 2026 08:00:03 GMT
""",
        returned="text/rfc822-headers",
    )


def qmail(letter: Letter) -> bytes:
    """The form of qmail, a single text."""
    return f"""Date: 14 Dec 2026 08:00:09 -0000
From: MAILER-DAEMON@qmail.example
To: {letter.return_address}
Subject: failure notice

Hi. This is the qmail-send program at qmail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{letter.to}>:
192.0.2.25 does not like recipient.
Remote host said: 550 5.1.1 no mailbox here by that name
Giving up on 192.0.2.25.

--- Below this line is a copy of the message.

{letter.headers}
The letter.
""".encode()


def full_mailbox(letter: Letter) -> bytes:
    """A mailbox that is full: it may have room next year."""
    return postfix(letter, status="5.2.2", said="552 5.2.2 Mailbox full")


def minded(letter: Letter) -> bytes:
    """A server that minds us, not its user."""
    return postfix(letter, status="5.7.26", said="550 5.7.26 Unauthenticated mail is not accepted")


def delayed(letter: Letter) -> bytes:
    """A letter that is late."""
    return postfix(letter, status="4.4.1", action="delayed", said="connect: timed out")


def delivered(letter: Letter) -> bytes:
    """A letter that arrived, where the sender asked to be told."""
    return postfix(letter, status="2.0.0", action="delivered", said="250 2.0.0 Ok: queued")


def arf_yahoo(letter: Letter) -> bytes:
    """A feedback report with the whole letter."""
    return complaint(
        letter, f"Original-Mail-From: <{letter.return_address}>\nOriginal-Rcpt-To: {letter.to}\n"
    )


def arf_outlook(letter: Letter) -> bytes:
    """The shape of Outlook.com: the return address stands in the letter alone."""
    return complaint(letter, f"X-HmXmrOriginalRecipient: {letter.to}\n", to="abuse@iscm.example")


def bare_outlook(letter: Letter) -> bytes:
    """Outlook.com without a report: the letter alone, in which a field names who complained."""
    mail = complaint(letter, "", to="abuse@iscm.example").split(
        b"--arf\nContent-Type: message/feedback-report"
    )
    rest = mail[1].partition(b"--arf\n")[2].replace(b"From: ISCM", b"X-HmXmrOriginalRecipient: x\nFrom: ISCM")
    return (
        mail[0].replace(b"multipart/report; report-type=feedback-report", b"multipart/mixed")
        + b"--arf\n"
        + rest
    )


def arf_comcast(letter: Letter) -> bytes:
    """The shape of relays that black the recipient out, in the letter too."""
    bare = Letter(letter.number, "redacted@redacted.invalid", letter.message_id, letter.return_address)
    return complaint(
        bare, "Original-Rcpt-To: redacted@redacted.invalid\nRemoval-Recipient: 0123456789abcdef\n"
    )


def complaint(letter: Letter, fields: str, *, to: str = "") -> bytes:
    """A complaint in the form of RFC 5965."""
    return f"""From: feedback@provider.example
To: {to or letter.return_address}
Subject: complaint about message from 192.0.2.1
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="arf"

--arf
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.
--arf
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Feedback/1.0
Version: 1
{fields}Arrival-Date: Mon, 14 Dec 2026 09:00:00 +0000

--arf
Content-Type: message/rfc822
Content-Disposition: inline

{letter.headers}
The letter.
--arf--
""".encode()


def automatic_reply(
    letter: Letter, text: str, *, subject: str = "Automatic reply", charset: str = "utf-8"
) -> bytes:
    """An automatic reply as RFC 3834 has it."""
    head = f"""From: {letter.to}
To: {letter.return_address}
Subject: {subject}
Auto-Submitted: auto-replied
In-Reply-To: <{letter.message_id}>
MIME-Version: 1.0
Content-Type: text/plain; charset={charset}
Content-Transfer-Encoding: 8bit

"""
    return head.encode() + text.encode(charset)


def report(
    letter: Letter,
    *,
    sender: str,
    subject: str,
    status: str,
    returned: str,
    notice: str = "text/plain; charset=us-ascii",
    words: str = "Your message could not be delivered.\n",
) -> bytes:
    """A report in three parts (RFC 6522, RFC 3464)."""
    return f"""Return-Path: <>
Delivered-To: {letter.return_address}
From: {sender}
To: {letter.return_address}
Subject: {subject}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ/relay.example"

This is a MIME-encapsulated message.

--4XyZ/relay.example
Content-Description: Notification
Content-Type: {notice}

{words}
--4XyZ/relay.example
Content-Description: Delivery report
Content-Type: message/delivery-status

{status}
--4XyZ/relay.example
Content-Type: {returned}

{letter.headers}
--4XyZ/relay.example--
""".encode()


Maker = Callable[[Letter], bytes]
HARD: tuple[Maker, ...] = (
    postfix,
    exim,
    exim_plain,
    exchange,
    microsoft_365,
    gmail,
    sendmail,
    qmail,
)
COMPLAINTS: tuple[Maker, ...] = (arf_yahoo, arf_outlook, bare_outlook, arf_comcast)

HAS_LEFT = {
    "en": "Thank you. Amina Diallo is no longer with the Ministry. Please write to her successor.",
    "en-2": "I have retired as of 1 June. For migration matters contact the secretariat.",
    "en-3": "Ms Diallo has left the Permanent Mission. This mailbox is no longer monitored.",
    "fr": "Bonjour, Mme Diallo n’est plus en poste à la mission permanente. Merci d’écrire à son successeur.",
    "fr-2": "J'ai quitté mes fonctions au ministère le 1er juin.",
    "es": "Estimados: ya no trabajo en la Cancillería. Diríjanse a la oficina de asuntos migratorios.",
    "es-2": "La señora Díaz ha dejado el cargo.",
    "ar": "السلام عليكم، لم أعد أعمل في البعثة الدائمة. يرجى مراسلة الوزارة.",
    "ar-2": "لقد غادرت منصبي في الوزارة",
    "pt": "Informo que já não trabalho neste Ministério.",
    "de": "Frau Diallo ist nicht mehr für das Ministerium tätig und aus dem Dienst ausgeschieden.",
    "ru": "Здравствуйте, я больше не работаю в министерстве.",
    "it": "Buongiorno, la dottoressa non lavora più presso questo ufficio.",
    "zh": "您好,本人已离职,请联系办公室。",
}
IS_AWAY = {
    "en": "I am out of the office until 4 January and will answer when I am back. I left my phone at home.",
    "fr": "Je suis absente du bureau jusqu'au 4 janvier. Pour une urgence, écrivez à ma collègue.",
    "es": "Estoy de vacaciones hasta el 4 de enero; contestaré a mi regreso.",
    "ar": "أنا خارج المكتب حتى الرابع من يناير وسأرد عند عودتي.",
    "de": "Ich bin bis zum 4. Januar nicht im Büro. Meine Vertretung ist Herr Sow.",
    "quoted": "I am away until 4 January.\n> MIDSA: the Chair is no longer with the Ministry.\n",
}
