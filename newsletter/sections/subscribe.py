"""How to have the meetings in one's own calendar: the addresses of the feeds, handed in as plain values."""

from newsletter.highlights import FeedNode, Link, Node, Paragraph
from newsletter.options import FeedAddress
from newsletter.pages import in_language
from newsletter.sections.desk import Desk


def how_to_subscribe(desk: Desk) -> tuple[Node, ...]:
    """List the feeds; nothing when none were handed in."""
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
        *(_feed(desk, feed) for feed in feeds),
    )


def _feed(desk: Desk, feed: FeedAddress) -> FeedNode:
    address = in_language(feed.address, base_url=desk.options.base_url, language=desk.language)
    return FeedNode(key=f"feed/{feed.address}", name=desk.gettext(feed.name), address=address)
