"""The commands of `iscm`, each a module that exposes one click object called `command`.

They are loaded by name and only when used, so that `iscm --help` does not import the database or the web.
"""

from iscm.commands.lazy import LazyGroup

SUMMARIES = {
    "serve": "Serve the site, the feeds and the clock.",
    "database": "Upgrade, check, back up and restore the database.",
    "reference": "Load the bundled registry, or another.",
    "mechanisms": "List and change the mechanisms.",
    "meetings": "Keep the meetings.",
    "updates": "Keep the news of the mechanisms.",
    "documents": "Keep the documents of the meetings.",
    "pages": "Keep the pages about ISCMs.",
    "feeds": "List and check the calendar feeds, and write them as files.",
    "newsletter": "Compile, check, approve and send the yearly Highlights.",
    "subscribers": "Keep the readers of the letter.",
    "dkim": "Make and publish the key that signs mail (DKIM).",
    "bounces": "Read what comes back: reports, complaints, automatic replies.",
    "tasks": "List what an editor has to do about readers, and note what is done.",
    "alarms": "List alarms, and put one aside.",
    "doctor": "Look at everything that has to be right; exit 1 when there is a problem.",
    "selftest": "Kill a sending in a sandbox again and again, and count who was lost.",
    "reports": "Read and close the reports of errors.",
}

command = LazyGroup(
    name="iscm",
    package="iscm.commands",
    summaries=SUMMARIES,
    help="The calendar and the yearly letter of the inter-State consultation mechanisms on migration.",
    epilog="Settings are read from ISCM_* variables or from iscm.toml in the current folder.",
    version_of="iscm-service",
)
