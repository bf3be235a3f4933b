"""Every job: when it is done, and what it does. Read this first.

Each act is thin: it asks the database whether there is something to do, and has it done by the room that
knows how. What two processes find at the same time is done by one of them: publishing holds the publication's
row, an issue is started by whoever locks it, letters are claimed one by one, jobs with a due time by their
occurrence.
"""

from datetime import datetime, time, timedelta

from calendar_feed.publication import advance_as_of_day
from models.archive.nightly import back_up
from models.error_report_keeping import forget_reports
from models.saved_choice_keeping import forget_choices
from newsletter.address_change import expire_changes
from newsletter.drafting import compile_draft_of_year
from newsletter.sending import recover
from newsletter.subscription import expire_confirmations
from scheduler.alarm_mail import mail_alarms
from scheduler.alarms import look_at_letters, look_for_trouble
from scheduler.bounces import read_bounces
from scheduler.due import Daily, Every, Yearly
from scheduler.error_report_mail import mail_error_reports
from scheduler.feed_files import JOB as WRITE_FEED_FILES
from scheduler.feed_files import write_feed_files
from scheduler.heartbeat import tell_of_life
from scheduler.letters import send_single_mails, send_what_waits, tell_editors
from scheduler.publishing import publish_feeds
from scheduler.starting import follow_the_zones, keep_the_hours, start_due_issues
from scheduler.task_mail import mail_tasks
from scheduler.work import Job, Work


def advance_day(work: Work, due_at: datetime) -> str | None:
    """Let the texts be those of the new day: what is over, what is no longer news."""
    with work.database.writing() as session:
        moved = advance_as_of_day(session, today=due_at.date())
    return f"the as-of day is {due_at.date()}" if moved else None


def settle_lost_senders(work: Work, now: datetime) -> str | None:
    """Take over what senders held that were killed, here or elsewhere."""
    del now
    letters = recover(work.office)
    return f"{letters} letters of a lost sender settled" if letters else None


def forget_unconfirmed(work: Work, due_at: datetime) -> str | None:
    """Let go of those who asked for the letter and did not confirm within seven days."""
    del due_at
    with work.database.writing() as session:
        expire_changes(session, now=work.now())
        readers = expire_confirmations(session, now=work.now())
    return f"{readers} did not confirm in time" if readers else None


def forget_closed_reports(work: Work, due_at: datetime) -> str | None:
    """Let go of reports of errors that were closed long ago, and of the addresses in them."""
    del due_at
    with work.database.writing() as session:
        reports = forget_reports(session, now=work.now())
    return f"{reports} reports of errors forgotten" if reports else None


def forget_unused_choices(work: Work, due_at: datetime) -> str | None:
    """Let go of saved choices that no calendar program asks for."""
    del due_at
    with work.database.writing() as session:
        choices = forget_choices(session, now=work.now())
    return f"{choices} saved choices that nobody asks for forgotten" if choices else None


def draft_the_year(work: Work, due_at: datetime) -> str | None:
    """Compile the year's Highlights as a draft for the editors. Sends nothing."""
    with work.database.writing() as session:
        code = compile_draft_of_year(session, year=due_at.year, now=work.now(), options=work.options)
    return f"issue {code} is ready to be edited" if code else None


def back_up_the_night(work: Work, due_at: datetime) -> str | None:
    """Keep a backup of everything, and let go of old ones."""
    if work.nightly is None:
        return None
    return back_up(work.database, work.nightly, day=due_at.date(), now=work.now())


JOBS: tuple[Job, ...] = (
    Job("publish feeds", Every(0.5), publish_feeds),
    Job(WRITE_FEED_FILES, Every(1.0), write_feed_files),
    Job("advance the as-of day", Daily(time(0, 10)), advance_day),
    Job("start due issues", Every(1.0), start_due_issues),
    Job("keep the windows", Every(0.5), keep_the_hours),
    Job("follow the zones", Every(60.0), follow_the_zones),
    Job("send letters", Every(0.5), send_what_waits),
    Job("send single mails", Every(0.5), send_single_mails),
    Job("tell editors", Every(5.0), tell_editors),
    Job("settle lost senders", Every(5.0), settle_lost_senders),
    Job("read bounces", Every(30.0), read_bounces),
    Job("tell of life", Every(15.0), tell_of_life),
    Job("look for trouble", Every(5.0), look_for_trouble),
    Job("look at letters", Every(60.0), look_at_letters),
    Job("mail alarms", Every(5.0), mail_alarms),
    Job("mail error reports", Every(30.0), mail_error_reports),
    Job("mail tasks", Every(60.0), mail_tasks),
    Job("forget the unconfirmed", Daily(time(1, 0)), forget_unconfirmed),
    Job("forget closed reports", Daily(time(1, 10)), forget_closed_reports),
    Job("forget unused choices", Daily(time(1, 20)), forget_unused_choices),
    Job("back up", Daily(time(2, 30)), back_up_the_night),
    Job("draft the year", Yearly(12, 1, time(6, 0), late=timedelta(days=60)), draft_the_year),
)
