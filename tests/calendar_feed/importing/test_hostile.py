"""A file made to harm is turned away with a sentence, in seconds and within 200 MB, and leaves nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import Database, list_meetings
from tests.calendar_feed.importing.hostile import hostile_files

SECONDS = 10
MEGABYTES = 200

# One process reads all the files, so its largest size is that of the worst; seconds are its own, since others
# may keep the machine busy. ru_maxrss would count what the process that started it had, VmHWM does not.
READ_ALL = """
import io, json, re, sys, time
from contextlib import redirect_stderr, redirect_stdout
from iscm.__main__ import main

for file in sys.argv[1:]:
    out, err, begun = io.StringIO(), io.StringIO(), time.process_time()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(["meetings", "import", file])
        except SystemExit as left:
            code = left.code
    largest = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) // 1024
    print(json.dumps([file, code, time.process_time() - begun, largest, err.getvalue()]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere /proc does not tell the size of a process")
def test_hostile_files_are_refused_in_seconds_within_200_megabytes(
    sqlite_registry: Database, tmp_path: Path
) -> None:
    """Each ends with exit code 1 and its own sentence, and the record is what it was."""
    files = hostile_files()
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    with sqlite_registry.reading() as session:
        before = len(list_meetings(session))
    ran = subprocess.run(
        [sys.executable, "-c", READ_ALL, *(str(tmp_path / name) for name in files)],
        env={**os.environ, "ISCM_DATABASE_URL": sqlite_registry.url.render_as_string(hide_password=False)},
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [Path(file).name for file, *_ in lines] == list(files)
    for file, code, seconds, largest, said in lines:
        name = Path(file).name
        assert (name, code, files[name][1] in said) == (name, 1, True), said[:400]
        assert seconds < SECONDS, name
        assert largest < MEGABYTES, name
    with sqlite_registry.reading() as session:
        assert len(list_meetings(session)) == before
