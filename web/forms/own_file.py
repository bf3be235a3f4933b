"""What is kept about a reader, as a file they can keep and other programs can read."""

import json
from datetime import datetime
from typing import Any

from starlette.responses import Response

from web.answer import PRIVATE


def own_file(kept: dict[str, Any]) -> Response:
    """Answer with the file, to be saved and not shown; kept by nobody on the way."""
    text = json.dumps(kept, ensure_ascii=False, indent=2, default=_plain)
    headers = {
        "Cache-Control": PRIVATE,
        "Content-Disposition": 'attachment; filename="iscm-highlights-my-data.json"',
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }
    return Response(text + "\n", media_type="application/json", headers=headers)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
