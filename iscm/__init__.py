"""The application: command line, settings, logging and assembly; the only reader of the environment.

In a wheel the rooms stand below this package (`iscm/app/models`, ...), in a checkout beside it. Either way
their folder is put first on `sys.path` here, before anything of `iscm` is used, so that `from models import
Meeting` means our models whatever else is installed.
"""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "app"
_ROOMS = str(_INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent)

if sys.path[:1] != [_ROOMS]:
    sys.path[:] = [_ROOMS, *(place for place in sys.path if place != _ROOMS)]
