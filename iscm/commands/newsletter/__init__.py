"""`iscm newsletter`: from a year's record to the letter in the readers' mailboxes.

Each command is a module beside this one that exposes its click object as `command`.
"""

from iscm.commands.lazy import LazyGroup

SUMMARIES = {
    "list": "List the issues and the state each is in.",
    "compile": "Compile a year's issue from the record.",
    "preview": "Write an issue as HTML, text, mail and PDF into a folder.",
    "edit": "Show or change an issue's texts as one readable file.",
    "check": "Check an issue before it is sent; exit 1 when something blocks.",
    "approve": "Approve an issue as it stands now.",
    "correct": "Correct an issue that was sent, for those who received it.",
    "schedule": "Set when an approved issue is sent.",
    "test": "Send one copy of an issue to an address of your own.",
    "send": "Send an approved issue now, or go on with what was interrupted.",
    "pause": "Hold a sending.",
    "resume": "Go on with a sending that was held.",
    "cancel": "End an issue's sending for good.",
    "status": "Show how far an issue's sending is.",
    "ledger": "Print what became of each copy, as CSV.",
    "verify": "Check that a ledger's file is whole, in order and unchanged.",
    "settle": "Settle the copies of which it is not known whether they arrived.",
}

command = LazyGroup(
    name="newsletter",
    package=__name__,
    summaries=SUMMARIES,
    help="Compile, check, approve and send the yearly Highlights.",
)
