"""Calendar programs that follow feeds: one remembers ETags, one remembers Last-Modified, as real ones do."""

from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from tests.web.feed_client import Answer, Ask


@dataclass
class Follower:
    """Asks for addresses again and again, always with what it was given last.

    `by` is the condition it sends: `if_none_match` or `if_modified_since`.
    """

    by: str
    kept: dict[str, Answer] = field(default_factory=dict)
    _stood: dict[str, str] = field(default_factory=dict)

    def look(self, ask: Ask, path: str) -> None:
        """Ask once; what it holds then must be what is served, and it may not have been sent that in vain."""
        last = self.kept.get(path)
        answer = ask(path, **self._condition(last))
        served = ask(path)
        stands = _version(ask, path)
        if answer.status == 304:
            assert last is not None
            assert last.body == served.body, f"{path}: a change was missed"
        elif answer.status == 200:
            assert answer.body == served.body
            if last is not None:
                assert self._had_cause(last, answer, path, stands), f"{path}: downloaded twice"
                was, now = (parsedate_to_datetime(one.headers["last-modified"]) for one in (last, answer))
                assert was <= now, f"{path}: Last-Modified went back"
            self.kept[path] = answer
        else:
            assert (answer.status, served.status) == (404, 404)
            assert "/meetings/" in path, f"{path}: a feed may never go"
            self.kept.pop(path, None)
        self._stood[path] = stands

    def _condition(self, last: Answer | None) -> dict[str, str]:
        if last is None:
            return {}
        return {self.by: last.headers["etag" if self.by == "if_none_match" else "last-modified"]}

    def _had_cause(self, last: Answer, answer: Answer, path: str, stands: str) -> bool:
        """Say whether the bytes are others.

        To a date the other forms of a calendar have its times, and one's own calendar those of all feeds.
        """
        if last.body != answer.body:
            return True
        return self.by == "if_modified_since" and ("/my/" in path or self._stood[path] != stands)


def _version(ask: Ask, path: str) -> str:
    """Return the ETag of the calendar that another form of it is made from, nothing for a calendar itself."""
    name, _, form = path.rpartition(".")
    return "" if form == "ics" or "/my/" in path else ask(f"{name}.ics").headers["etag"]
