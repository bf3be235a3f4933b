"""Every job: when it is done, and what it does. Read this first."""

from scheduler.work import Job

JOBS: tuple[Job, ...] = ()
