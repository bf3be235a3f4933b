"""How to have the meetings in one's own calendar: the addresses of the feeds, handed in as plain values."""

from newsletter.highlights import FeedNode, Link, Node, Paragraph
from newsletter.sections.desk import Desk


def how_to_subscribe(desk: Desk) -> tuple[Node, ...]:
    """List the feeds; nothing when none were handed in."""
    feeds = desk.options.feeds
    if not feeds:
        return ()
    words = "How to add a calendar"
    return (
        Paragraph(
            key="subscribe/how",
            text=(
                "Add one of these addresses to your calendar as a subscription: meetings appear there and "
                f"stay right when a date moves. {words}."
            ),
            links=(Link(words=words, address=f"{desk.base_url}/help/calendar"),),
        ),
        *(FeedNode(key=f"feed/{feed.address}", name=feed.name, address=feed.address) for feed in feeds),
    )
