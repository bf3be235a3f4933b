"""What is known: the records of the calendar and the newsletter, and their rules."""

from models.alarm import Alarm
from models.base import Facts, Record
from models.bounce import Bounce, BounceKind, BounceSource, ReturnedMail
from models.change import Change, ChangeKind
from models.database import Database
from models.delivery import (
    DELIVERY_TRANSITIONS,
    TERMINAL,
    Delivery,
    DeliveryEvent,
    DeliveryState,
    Exclusion,
    ExclusionReason,
    Report,
)
from models.document import Document, DocumentAct, DocumentKind
from models.document_edit import DuplicateDocument, add_document, change_document, delete_document
from models.error_report import ErrorReport
from models.foreign_uid import ForeignUid
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
from models.issue_summary import IssueSettlement, IssueSummary
from models.job_standing import JobStanding
from models.keeping import NothingToChange
from models.known import Known, TakenAddress, UnknownName
from models.mechanism import Dormancy, Mechanism, MechanismAlias, MechanismStatus, MechanismType
from models.mechanism_change import NotDormant, change_mechanism
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
from models.meeting_add import add_meeting
from models.meeting_change import cancel_meeting, change_meeting, mark_held, postpone_meeting
from models.meeting_delete import delete_meeting
from models.meeting_list import MeetingFilter, list_meetings
from models.meeting_rules import HalfAPoint, NotYetBegun
from models.meeting_twin import DuplicateMeeting
from models.occurrence import Occurrence
from models.operator_mail import OperatorMail, OperatorMailKind
from models.override import Override
from models.page import Page
from models.plain_text import NotAnAddress, UnknownWord, UnwelcomeText
from models.publication import Publication
from models.refusal import Refusal
from models.registry import load_registry
from models.registry_facts import RegistryFacts
from models.registry_file import BUNDLED, BadRegistry
from models.registry_merge import Kept, LoadReport
from models.rendering import Feed, FeedEntry, Rendered, Rendering
from models.revision import Act, Revision, differences, record_revision, revising
from models.saved_choice import SavedChoice
from models.state import Participant, ParticipantKind, ParticipantRole, Participation
from models.subscriber import (
    SUBSCRIBER_TRANSITIONS,
    AddressChange,
    Consent,
    ConsentAct,
    FormerAddress,
    Parting,
    QueuedMail,
    RecipientKind,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
)
from models.task import Task, TaskKind
from models.transitions import IllegalTransition, step
from models.update import DayMeans, Update, UpdateKind, UpdateMechanism
from models.update_edit import DuplicateUpdate, add_update, change_update, delete_update
from models.vocabulary import Confidence, Region, Theme, ThemeFamily
from models.when import EndBeforeStart, ImpossibleDate, Precision, WallTimeMissing, When
from models.when_change import EndNeeded, changed_when
from models.worker import Worker
from models.zone import UnknownZone

__all__ = [
    "BUNDLED",
    "DELIVERY_TRANSITIONS",
    "ISSUE_TRANSITIONS",
    "MEETING_TRANSITIONS",
    "SUBSCRIBER_TRANSITIONS",
    "TERMINAL",
    "Act",
    "AddressChange",
    "Alarm",
    "Approval",
    "BadRegistry",
    "Bounce",
    "BounceKind",
    "BounceSource",
    "Change",
    "ChangeKind",
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
    "DuplicateDocument",
    "DuplicateMeeting",
    "DuplicateUpdate",
    "Edition",
    "EndBeforeStart",
    "EndNeeded",
    "ErrorReport",
    "Exclusion",
    "ExclusionReason",
    "Facts",
    "Feed",
    "FeedEntry",
    "ForeignUid",
    "FormerAddress",
    "HalfAPoint",
    "IllegalTransition",
    "ImpossibleDate",
    "InDoubtPolicy",
    "Issue",
    "IssueRevision",
    "IssueSettlement",
    "IssueState",
    "IssueSummary",
    "JobStanding",
    "Kept",
    "Kind",
    "Known",
    "LoadReport",
    "Mechanism",
    "MechanismAlias",
    "MechanismStatus",
    "MechanismType",
    "Meeting",
    "MeetingFilter",
    "MeetingMechanism",
    "MeetingStatus",
    "Mode",
    "NodeText",
    "NotAnAddress",
    "NotDormant",
    "NotYetBegun",
    "NothingToChange",
    "Occurrence",
    "OperatorMail",
    "OperatorMailKind",
    "Override",
    "Page",
    "Participant",
    "ParticipantKind",
    "ParticipantRole",
    "Participation",
    "Parting",
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
    "Report",
    "ReturnedMail",
    "Revision",
    "SavedChoice",
    "Subscriber",
    "SubscriberState",
    "Suppression",
    "SuppressionReason",
    "TakenAddress",
    "Task",
    "TaskKind",
    "Theme",
    "ThemeFamily",
    "Tombstone",
    "UnknownName",
    "UnknownWord",
    "UnknownZone",
    "UnwelcomeText",
    "Update",
    "UpdateKind",
    "UpdateMechanism",
    "Visibility",
    "WallTimeMissing",
    "When",
    "Worker",
    "add_document",
    "add_meeting",
    "add_update",
    "cancel_meeting",
    "change_document",
    "change_mechanism",
    "change_meeting",
    "change_update",
    "changed_when",
    "delete_document",
    "delete_meeting",
    "delete_update",
    "differences",
    "list_meetings",
    "load_registry",
    "mark_held",
    "postpone_meeting",
    "record_revision",
    "revising",
    "step",
]
