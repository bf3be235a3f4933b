"""Which machine was measured: without its name a figure says nothing."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

_SAID = ("icalendar", "sqlalchemy", "starlette", "uvicorn", "aiosmtplib", "tzdata")


def machine() -> str:
    """Return one sentence: processor, cores, memory, system, Python, the libraries that matter."""
    processor = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    gigabytes = f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "memory not known"
    libraries = ", ".join(f"{name} {version(name)}" for name in _SAID)
    return (
        f"{processor[1].strip() if processor else platform.machine()}, "
        f"{len(os.sched_getaffinity(0))} cores used, {gigabytes}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; {libraries}."
    )
