"""
CronJobs: tasks that the cluster starts by the clock.

The time zone is always said: without it a schedule means that of the control plane, which nobody
sees.  So is what becomes of a run while the last one goes on, and how late one may begin.  The
logs of the last run and of the last three that failed can be read; older ones go, so that a year of
nights does not stay in the API.  The name is short, because the controller puts eleven characters
behind it for each Job.  Unlike the template of a Job that of a CronJob may change, so its name does
not tell its content.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
"""

from mooring.app.schedule import Overlap, Schedule
from mooring.app.workloads import Task
from mooring.generate.context import Context
from mooring.generate.identity import labels
from mooring.generate.workloads import job_spec, part_metadata
from mooring.kube.names import label
from mooring.kube.objects.meta import TemplateMeta
from mooring.kube.objects.workloads import CronJob, CronJobSpec, JobTemplate

_LONGEST_NAME = 52
_POLICIES = {Overlap.ALLOW: "Allow", Overlap.SKIP: "Forbid", Overlap.REPLACE: "Replace"}
_FAILED_KEPT = 3
_SUCCESSFUL_KEPT = 1


def cron_job(part: Task, schedule: Schedule, context: Context) -> CronJob:
    """Return what starts ``part`` at the times of ``schedule``."""
    application = context.application
    return CronJob(
        metadata=part_metadata(part, context, name=label(part.name, limit=_LONGEST_NAME)),
        spec=CronJobSpec(
            schedule=schedule.line,
            time_zone=schedule.time_zone,
            concurrency_policy=_POLICIES[schedule.overlap],
            starting_deadline_seconds=schedule.late_seconds,
            successful_jobs_history_limit=_SUCCESSFUL_KEPT,
            failed_jobs_history_limit=_FAILED_KEPT,
            job_template=JobTemplate(
                metadata=TemplateMeta(labels=labels(application, part)),
                spec=job_spec(part, context),
            ),
        ),
    )
