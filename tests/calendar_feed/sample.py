"""The sample of calendar.md, section 4: the meeting it tells of, and its VEVENT unfolded."""

from calendar_feed.facts import MeetingFacts
from models.meeting import Kind, MeetingStatus, Mode
from tests.calendar_feed.factory import KHARTOUM, hours, meeting

SAMPLE: MeetingFacts = meeting(
    slug="khartoum-som-2027",
    title="Senior Officials' Meeting of the Khartoum Process",
    kind=Kind.SENIOR_OFFICIALS,
    status=MeetingStatus.CONFIRMED,
    when=hours("2027-03-17 09:30", "2027-03-17 17:00"),
    mechanisms=(KHARTOUM,),
    mode=Mode.HYBRID,
    venue="Justus Lipsius building",
    city="Brussels",
    country="BE",
    latitude=50.8423,
    longitude=4.3819,
    join_link="https://meet.example.org/khartoum-som-2027",
)

SAMPLE_EVENT = r"""BEGIN:VEVENT
UID:3d2b1e70-07c4-4c55-8a1e-5a4b9e0c7d02
DTSTAMP:20261120T091500Z
CREATED:20260901T100000Z
LAST-MODIFIED:20261120T091500Z
SEQUENCE:1
DTSTART;TZID=Europe/Brussels:20270317T093000
DTEND;TZID=Europe/Brussels:20270317T170000
SUMMARY;LANGUAGE=en:Khartoum Process – Senior Officials' Meeting (Brussels + online)
DESCRIPTION;LANGUAGE=en:Khartoum Process (IRF) – Senior Officials' Meeting\, hybrid.\n17 March 2027\, 09:30–17:00 Brussels time (08:30–16:00 UTC).\nJoin online (registered delegates): https://meet.example.org/khartoum-som-2027\nVenue: Justus Lipsius building\, Brussels\, Belgium (and online)\nDetails: https://iscm.example.org/meetings/khartoum-som-2027
LOCATION;LANGUAGE=en:Justus Lipsius building\, Brussels\, Belgium (and online)
GEO:50.842300;4.381900
URL:https://iscm.example.org/meetings/khartoum-som-2027
CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Join online";LANGUAGE=en:https://meet.example.org/khartoum-som-2027
STATUS:CONFIRMED
TRANSP:TRANSPARENT
X-MICROSOFT-CDO-BUSYSTATUS:FREE
CLASS:PUBLIC
CATEGORIES:IRF,Khartoum Process,Senior Officials' Meeting
COLOR:darkgoldenrod
END:VEVENT
"""  # noqa: E501 - unfolded, as the document has it
