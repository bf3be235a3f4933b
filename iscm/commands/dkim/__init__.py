"""`iscm dkim`: the key that signs mail, and the DNS record that publishes it.

Each command is a module beside this one that exposes its click object as `command`.
"""

from iscm.commands.lazy import LazyGroup

SUMMARIES = {
    "key": "Make a key that signs mail, in a new file.",
    "record": "Print the DNS record to publish for the key of the settings.",
}

command = LazyGroup(
    name="dkim",
    package=__name__,
    summaries=SUMMARIES,
    help="Make and publish the key that signs mail (DKIM).",
)
