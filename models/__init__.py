"""What is known: the records of the calendar and the newsletter, and their rules."""

from models.base import Facts, Record
from models.database import Database
from models.delivery import (
    DELIVERY_TRANSITIONS,
    TERMINAL,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Exclusion,
    ExclusionReason,
)
from models.document import Document, DocumentAct, DocumentKind
from models.issue import (
    ISSUE_TRANSITIONS,
    Approval,
    Edition,
    InDoubtPolicy,
    Issue,
    IssueRevision,
    IssueState,
    NodeText,
)
from models.mechanism import Dormancy, Mechanism, MechanismAlias, MechanismStatus, MechanismType
from models.meeting import (
    MEETING_TRANSITIONS,
    Kind,
    Meeting,
    MeetingMechanism,
    MeetingStatus,
    Mode,
    Tombstone,
    Visibility,
)
from models.occurrence import Occurrence
from models.publication import Publication
from models.refusal import Refusal
from models.registry import load_registry
from models.registry_facts import RegistryFacts
from models.registry_file import BUNDLED, BadRegistry
from models.registry_merge import Kept, LoadReport
from models.rendering import Feed, FeedEntry, Rendered, Rendering
from models.revision import Act, Revision, differences, record_revision, revising
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from models.subscriber import (
    SUBSCRIBER_TRANSITIONS,
    Consent,
    ConsentAct,
    QueuedMail,
    RecipientKind,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
)
from models.transitions import IllegalTransition, step
from models.update import DayMeans, Update, UpdateKind, UpdateMechanism
from models.vocabulary import Confidence, Region, Theme, ThemeFamily
from models.when import Precision, When

__all__ = [
    "BUNDLED",
    "DELIVERY_TRANSITIONS",
    "ISSUE_TRANSITIONS",
    "MEETING_TRANSITIONS",
    "SUBSCRIBER_TRANSITIONS",
    "TERMINAL",
    "Act",
    "Approval",
    "BadRegistry",
    "Confidence",
    "Consent",
    "ConsentAct",
    "Database",
    "DayMeans",
    "Delivery",
    "DeliveryEvent",
    "DeliveryState",
    "Document",
    "DocumentAct",
    "DocumentKind",
    "Dormancy",
    "Edition",
    "Exclusion",
    "ExclusionReason",
    "Facts",
    "Feed",
    "FeedEntry",
    "IllegalTransition",
    "InDoubtPolicy",
    "Issue",
    "IssueRevision",
    "IssueState",
    "Kept",
    "Kind",
    "LoadReport",
    "Mechanism",
    "MechanismAlias",
    "MechanismStatus",
    "MechanismType",
    "Meeting",
    "MeetingMechanism",
    "MeetingStatus",
    "Mode",
    "NodeText",
    "Occurrence",
    "Participant",
    "ParticipantKind",
    "ParticipantRole",
    "Participation",
    "Precision",
    "Publication",
    "QueuedMail",
    "RecipientKind",
    "Record",
    "Refusal",
    "Region",
    "RegistryFacts",
    "Rendered",
    "Rendering",
    "Revision",
    "Subscriber",
    "SubscriberState",
    "Suppression",
    "SuppressionReason",
    "Theme",
    "ThemeFamily",
    "Tombstone",
    "Update",
    "UpdateKind",
    "UpdateMechanism",
    "Visibility",
    "When",
    "differences",
    "load_registry",
    "record_revision",
    "revising",
    "step",
]
