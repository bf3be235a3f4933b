"""How to have the meetings in one's own calendar: the addresses of the feeds, handed in as plain values."""

from newsletter.highlights import FeedNode, Link, Node, Paragraph
from newsletter.options import FeedAddress
from newsletter.pages import in_language
from newsletter.sections.desk import Desk


def how_to_subscribe(desk: Desk) -> tuple[Node, ...]:
    """List the feeds, the first with a code for telephones; nothing when none were handed in.

    Of several codes beside each other a telephone would take the wrong one.
    """
    feeds = desk.options.feeds
    if not feeds:
        return ()
    words = desk.gettext("How to add a calendar")
    how = desk.gettext(
        "Add one of these addresses to your calendar as a subscription: meetings appear there and stay right "
        "when a date moves. %(how_to_add)s.",
        how_to_add=words,
    )
    return (
        Paragraph(
            key="subscribe/how", text=how, links=(Link(words=words, address=desk.page("/help/calendar")),)
        ),
        _feed(desk, feeds[0], alt=desk.gettext("QR code of this calendar’s address")),
        *(_feed(desk, feed) for feed in feeds[1:]),
    )


def _feed(desk: Desk, feed: FeedAddress, *, alt: str = "") -> FeedNode:
    address = in_language(feed.address, base_url=desk.options.base_url, language=desk.language)
    return FeedNode(key=f"feed/{feed.address}", name=desk.gettext(feed.name), address=address, alt=alt)
