"""Make the first tables.

Revision: 0001, after .
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "feed_entries",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("path", "uid", name=op.f("pk_feed_entries")),
    )
    with op.batch_alter_table("feed_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_entries_uid"), ["uid"], unique=False)

    op.create_table(
        "feeds",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("tail_of_head", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("path", "language", name=op.f("pk_feeds")),
    )
    op.create_table(
        "issues",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "scheduled",
                "sending",
                "paused",
                "sent",
                "cancelled",
                "expired",
                name="issuestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "in_doubt",
            sa.Enum("hold", "resend", name="indoubtpolicy", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("scheduled_wall", sa.String(length=16), nullable=True),
        sa.Column("scheduled_zone", sa.String(length=64), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letter_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("candidates", sa.Integer(), nullable=True),
        sa.Column("excluded_by", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("code", name=op.f("uq_issues_code")),
    )
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issues_scheduled_at"), ["scheduled_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_issues_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_issues_year"), ["year"], unique=False)

    op.create_table(
        "mechanisms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("short_name", sa.String(length=200), nullable=False),
        sa.Column("acronym", sa.String(length=40), nullable=True),
        sa.Column(
            "type",
            sa.Enum("rcp", "irf", "global", name="mechanismtype", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("type_basis", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("active", "emerging", "dormant", name="mechanismstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("status_basis", sa.Text(), nullable=True),
        sa.Column(
            "dormancy",
            sa.Enum("completed", "inactive", "converted", name="dormancy", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("is_iscm", sa.Boolean(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("association", sa.Text(), nullable=True),
        sa.Column("established_year", sa.Integer(), nullable=True),
        sa.Column("secretariat", sa.Text(), nullable=True),
        sa.Column("iom_roles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("languages", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("themes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("chair", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("states_known", sa.Boolean(), nullable=False),
        sa.Column("states_as_of", sa.String(length=10), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mechanisms")),
        sa.UniqueConstraint("slug", name=op.f("uq_mechanisms_slug")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "summit",
                "ministerial",
                "vice_ministerial",
                "senior_officials",
                "plenary",
                "joint_plenary",
                "grcp",
                "extraordinary",
                "high_level",
                "consultation",
                "steering_committee",
                "working_group",
                "technical",
                "preparatory",
                "side_event",
                "workshop",
                "training",
                "webinar",
                "other",
                name="kind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "tentative",
                "confirmed",
                "postponed",
                "cancelled",
                "held",
                name="meetingstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "precision",
            sa.Enum(
                "moment",
                "day",
                "month",
                "quarter",
                "year",
                "unknown",
                name="precision",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("previous_when", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "mode",
            sa.Enum("in_person", "online", "hybrid", name="mode", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("venue", sa.Text(), nullable=True),
        sa.Column("city", sa.String(length=200), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("join_link", sa.Text(), nullable=True),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("sessions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("local_times", sa.Text(), nullable=True),
        sa.Column("interpretation", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum("public", "hidden", name="visibility", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("slug", name=op.f("uq_meetings_slug")),
        sa.UniqueConstraint("uid", name=op.f("uq_meetings_uid")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meetings_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_meetings_stale"), ["stale"], unique=False)

    op.create_table(
        "occurrences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("job", "due_at", name=op.f("uq_occurrences_job_due_at")),
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "state",
                "intergovernmental",
                "non_governmental",
                "civil_society",
                "organization",
                name="participantkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=2), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("code", name=op.f("uq_participants_code")),
        sa.UniqueConstraint("name", name=op.f("uq_participants_name")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_revision", sa.Integer(), nullable=False),
        sa.Column("published_revision", sa.Integer(), nullable=False),
        sa.Column("feed_revision", sa.Integer(), nullable=False),
        sa.Column("as_of_day", sa.Date(), nullable=True),
        sa.Column("zone_release", sa.String(length=40), nullable=True),
        sa.Column("renderer", sa.String(length=40), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarm", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_publication_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_table(
        "regions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("slug", name=op.f("uq_regions_slug")),
    )
    op.create_table(
        "registry_facts",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("pk_registry_facts")),
    )
    op.create_table(
        "rendered",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=64), nullable=False),
        sa.Column("order_key", sa.String(length=240), nullable=False),
        sa.Column("feeds", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("ages_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_rendered")),
    )
    with op.batch_alter_table("rendered", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendered_ages_on"), ["ages_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_rendered_order_key"), ["order_key"], unique=False)

    op.create_table(
        "renderings",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uid", "language", name=op.f("pk_renderings")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("editor", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column(
            "act",
            sa.Enum("added", "changed", "deleted", name="act", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisions_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_revisions_kind"), ["kind"], unique=False)

    op.create_table(
        "subscribers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "confirmed",
                "left",
                "bounced",
                "suppressed",
                name="subscriberstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("subscription", "circulation", name="recipientkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("organisation", sa.String(length=200), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address_key", name=op.f("uq_subscribers_address_key")),
    )
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscribers_state"), ["state"], unique=False)

    op.create_table(
        "suppressions",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "left",
                "erased",
                "bounced",
                "complained",
                "editor",
                name="suppressionreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "themes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "family",
            sa.Enum("gcm", "sdg", "climate", "other", name="themefamily", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("slug", name=op.f("uq_themes_slug")),
    )
    op.create_table(
        "tombstones",
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("slug", name=op.f("uq_tombstones_slug")),
    )
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("day_known", sa.Boolean(), nullable=False),
        sa.Column(
            "day_means",
            sa.Enum("event", "publication", name="daymeans", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "established",
                "chair_handover",
                "outcome",
                "institutional",
                "meeting_held",
                "gcm",
                "announcement",
                "other",
                name="updatekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("source_language", sa.String(length=8), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
        sa.UniqueConstraint("slug", name=op.f("uq_updates_slug")),
    )
    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_updates_day"), ["day"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "asked",
                "confirmed",
                "recorded",
                "left",
                "undone",
                name="consentact",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wording", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_consents_subscriber_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_subscriber_id"), ["subscriber_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("link_epoch", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "claimed",
                "on_wire",
                "accepted",
                "deferred",
                "rejected",
                "in_doubt",
                "skipped",
                name="deliverystate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_deliveries_issue_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_deliveries_subscriber_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("issue_id", "address_key", name=op.f("uq_deliveries_issue_id_address_key")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_subscriber_id"), ["subscriber_id"], unique=False)
        batch_op.create_index("ix_deliveries_work", ["issue_id", "state", "next_at"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "declaration",
                "communique",
                "statement",
                "summary",
                "action_plan",
                "recommendations",
                "strategy",
                "report",
                "guide",
                "agenda",
                "other",
                name="documentkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "act",
            sa.Enum(
                "adopted",
                "endorsed",
                "recommended",
                "issued",
                "expected",
                name="documentact",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_documents_meeting_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("slug", name=op.f("uq_documents_slug")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "exclusions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "unconfirmed",
                "left",
                "suppressed",
                "bounced",
                "duplicate",
                name="exclusionreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_exclusions_issue_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_exclusions_subscriber_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
    )
    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exclusions_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "issue_revisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tree", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("options", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("differences", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_revisions_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_revisions")),
        sa.UniqueConstraint("issue_id", "number", name=op.f("uq_issue_revisions_issue_id_number")),
    )
    with op.batch_alter_table("issue_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_revisions_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "mechanism_aliases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mechanism_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=True),
        sa.Column("former", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mechanism_id"],
            ["mechanisms.id"],
            name=op.f("fk_mechanism_aliases_mechanism_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mechanism_aliases")),
        sa.UniqueConstraint("slug", name=op.f("uq_mechanism_aliases_slug")),
    )
    with op.batch_alter_table("mechanism_aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mechanism_aliases_mechanism_id"), ["mechanism_id"], unique=False)

    op.create_table(
        "mechanism_regions",
        sa.Column("mechanism_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["mechanism_id"],
            ["mechanisms.id"],
            name=op.f("fk_mechanism_regions_mechanism_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_mechanism_regions_region_id")),
        sa.PrimaryKeyConstraint("mechanism_id", "region_id", name=op.f("pk_mechanism_regions")),
    )
    op.create_table(
        "mechanism_themes",
        sa.Column("mechanism_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["mechanism_id"],
            ["mechanisms.id"],
            name=op.f("fk_mechanism_themes_mechanism_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_mechanism_themes_theme_id")),
        sa.PrimaryKeyConstraint("mechanism_id", "theme_id", name=op.f("pk_mechanism_themes")),
    )
    op.create_table(
        "meeting_mechanisms",
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mechanism_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["mechanisms.id"], name=op.f("fk_meeting_mechanisms_mechanism_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_mechanisms_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "mechanism_id", name=op.f("pk_meeting_mechanisms")),
    )
    with op.batch_alter_table("meeting_mechanisms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meeting_mechanisms_mechanism_id"), ["mechanism_id"], unique=False
        )

    op.create_table(
        "meeting_themes",
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_themes_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_meeting_themes_theme_id")),
        sa.PrimaryKeyConstraint("meeting_id", "theme_id", name=op.f("pk_meeting_themes")),
    )
    op.create_table(
        "node_texts",
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=True),
        sa.Column("editor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_node_texts_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "key", name=op.f("pk_node_texts")),
    )
    op.create_table(
        "participations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mechanism_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum("member", "observer", name="participantrole", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["mechanism_id"],
            ["mechanisms.id"],
            name=op.f("fk_participations_mechanism_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_participations_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
        sa.UniqueConstraint(
            "mechanism_id", "participant_id", name=op.f("uq_participations_mechanism_id_participant_id")
        ),
    )
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participations_mechanism_id"), ["mechanism_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_participations_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "queued_mails",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_queued_mails_subscriber_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_mails")),
    )
    with op.batch_alter_table("queued_mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queued_mails_address_hash"), ["address_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_queued_mails_next_at"), ["next_at"], unique=False)

    op.create_table(
        "update_mechanisms",
        sa.Column("update_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mechanism_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["mechanisms.id"], name=op.f("fk_update_mechanisms_mechanism_id")
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.id"], name=op.f("fk_update_mechanisms_update_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("update_id", "mechanism_id", name=op.f("pk_update_mechanisms")),
    )
    with op.batch_alter_table("update_mechanisms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_update_mechanisms_mechanism_id"), ["mechanism_id"], unique=False)

    op.create_table(
        "update_themes",
        sa.Column("update_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_update_themes_theme_id")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.id"], name=op.f("fk_update_themes_update_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("update_id", "theme_id", name=op.f("pk_update_themes")),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("editor", sa.String(length=200), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_approvals_issue_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["issue_revisions.id"], name=op.f("fk_approvals_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "delivery_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_delivery_events_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_events")),
    )
    with op.batch_alter_table("delivery_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_events_delivery_id"), ["delivery_id"], unique=False)

    op.create_table(
        "editions",
        sa.Column("approval_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("web", sa.Text(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_editions_approval_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("approval_id", "language", name=op.f("pk_editions")),
    )
    op.bulk_insert(
        sa.table(
            "publication",
            sa.column("id"),
            sa.column("record_revision"),
            sa.column("published_revision"),
            sa.column("feed_revision"),
        ),
        [{"id": 1, "record_revision": 0, "published_revision": -1, "feed_revision": 0}],
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("editions")
    with op.batch_alter_table("delivery_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_events_delivery_id"))

    op.drop_table("delivery_events")
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_issue_id"))

    op.drop_table("approvals")
    op.drop_table("update_themes")
    with op.batch_alter_table("update_mechanisms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_update_mechanisms_mechanism_id"))

    op.drop_table("update_mechanisms")
    with op.batch_alter_table("queued_mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queued_mails_next_at"))
        batch_op.drop_index(batch_op.f("ix_queued_mails_address_hash"))

    op.drop_table("queued_mails")
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participations_participant_id"))
        batch_op.drop_index(batch_op.f("ix_participations_mechanism_id"))

    op.drop_table("participations")
    op.drop_table("node_texts")
    op.drop_table("meeting_themes")
    with op.batch_alter_table("meeting_mechanisms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_mechanisms_mechanism_id"))

    op.drop_table("meeting_mechanisms")
    op.drop_table("mechanism_themes")
    op.drop_table("mechanism_regions")
    with op.batch_alter_table("mechanism_aliases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mechanism_aliases_mechanism_id"))

    op.drop_table("mechanism_aliases")
    with op.batch_alter_table("issue_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_revisions_issue_id"))

    op.drop_table("issue_revisions")
    with op.batch_alter_table("exclusions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exclusions_issue_id"))

    op.drop_table("exclusions")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_meeting_id"))

    op.drop_table("documents")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_work")
        batch_op.drop_index(batch_op.f("ix_deliveries_subscriber_id"))
        batch_op.drop_index(batch_op.f("ix_deliveries_owner"))
        batch_op.drop_index(batch_op.f("ix_deliveries_message_id"))

    op.drop_table("deliveries")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_subscriber_id"))

    op.drop_table("consents")
    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_updates_day"))

    op.drop_table("updates")
    op.drop_table("tombstones")
    op.drop_table("themes")
    op.drop_table("suppressions")
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscribers_state"))

    op.drop_table("subscribers")
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revisions_kind"))
        batch_op.drop_index(batch_op.f("ix_revisions_code"))

    op.drop_table("revisions")
    op.drop_table("renderings")
    with op.batch_alter_table("rendered", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rendered_order_key"))
        batch_op.drop_index(batch_op.f("ix_rendered_ages_on"))

    op.drop_table("rendered")
    op.drop_table("registry_facts")
    op.drop_table("regions")
    op.drop_table("publication")
    op.drop_table("participants")
    op.drop_table("occurrences")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meetings_stale"))
        batch_op.drop_index(batch_op.f("ix_meetings_country"))

    op.drop_table("meetings")
    op.drop_table("mechanisms")
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issues_year"))
        batch_op.drop_index(batch_op.f("ix_issues_state"))
        batch_op.drop_index(batch_op.f("ix_issues_scheduled_at"))

    op.drop_table("issues")
    op.drop_table("feeds")
    with op.batch_alter_table("feed_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_entries_uid"))

    op.drop_table("feed_entries")
