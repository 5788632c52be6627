"""Scheduled jobs: one process at a time, every run written down, one that fails stops no other."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.base import now
from models.database import Database
from models.decisions import Evaluation
from models.interface import IdempotentRequest
from models.jobs import JobOutcome, JobRun, Reminder
from models.people import Person
from models.plans import PilotPlan
from services import job_reviews, job_runs, jobs, pilots, retention, settings
from services.errors import BadInput
from services.job_work import Done, TakenOver, Work
from services.jobs import Job, Ran
from services.rows import key
from tests.services.conftest import TODAY, World

ROOT = Path(__file__).parents[2]


def ran(database: Database, *chosen: Job, today: dt.date = TODAY, **changes: object) -> list[Ran]:
    own = replace(settings.load(), **changes)  # type: ignore[arg-type]
    return list(jobs.run(database, own, today=today, jobs=chosen or jobs.JOBS))


def runs(database: Database, job: str) -> list[JobRun]:
    with database.reading() as session:
        return list(session.exec(select(JobRun).where(JobRun.job == job).order_by(JobRun.id)).all())  # type: ignore[arg-type]


def test_every_job_runs_on_an_empty_record(database: Database) -> None:
    found = ran(database)
    assert [one.job for one in found] == ["reviews", "webhooks", "reminders", "retention", "tidy", "audit-head"]
    not_set_up = {one.job for one in found if one.outcome is JobOutcome.NOT_SET_UP}
    assert not_set_up == {"reminders", "retention"}
    assert all(one.outcome is JobOutcome.DONE for one in found if one.job not in not_set_up)
    assert all("LUOTSI_" in one.said for one in found if one.job in not_set_up)


def test_a_job_that_fails_stops_no_other_and_tells_no_value(database: Database) -> None:
    def fails(work: Work) -> Done:
        raise ValueError("Maija Virtanen")

    def partly(work: Work) -> Done:
        return Done(counts={"failed": 1}, said="one of two", failed=True)

    first, second, third = ran(
        database,
        Job(name="fails", run=fails),
        Job(name="partly", run=partly),
        Job(name="works", run=lambda work: Done(counts={"rows": 3})),
    )
    assert (first.failed, second.failed, third.failed) == (True, True, False)
    assert first.said.startswith("ValueError at tests/services/test_jobs.py:")
    assert "Virtanen" not in first.said
    (stored,) = runs(database, "works")
    assert (stored.outcome, stored.counts) == (JobOutcome.DONE, {"rows": 3})
    assert stored.ended_at is not None
    with database.reading() as session:
        fresh = job_runs.freshness(session)
    assert fresh["fails"].last_success is None
    assert fresh["works"].last_success == stored.ended_at


def test_two_replicas_never_run_a_job_at_once(database: Database, database_url: str) -> None:
    inside, most, times = [0], [0], [0]
    lock, together = threading.Lock(), threading.Barrier(2)

    def work(_: Work) -> Done:
        with lock:
            inside[0] += 1
            times[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.05)
        with lock:
            inside[0] -= 1
        return Done()

    outcomes: list[JobOutcome | None] = []

    def replica() -> None:
        own = Database(database_url)
        for _ in range(10):
            together.wait()
            outcomes.extend(one.outcome for one in ran(own, Job(name="both", run=work)))
        own.dispose()

    replicas = [threading.Thread(target=replica) for _ in range(2)]
    for one in replicas:
        one.start()
    for one in replicas:
        one.join()
    assert most[0] == 1
    assert len(outcomes) == 20
    assert outcomes.count(JobOutcome.DONE) == times[0] == len(runs(database, "both"))
    assert times[0] + outcomes.count(None) == 20
    assert outcomes.count(None) > 0, "the replicas never met"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_that_was_killed_is_marked_and_the_next_goes_on(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    program = (
        "import time; from services import jobs, settings; from services.record import database\n"
        "from services.job_work import Done\n"
        "def run(work): print('at it', flush=True); time.sleep(60); return Done()\n"
        "slow, own = jobs.Job(name='slow', run=run), settings.load()\n"
        "list(jobs.run(database(), own, today=own.today(), jobs=[slow]))\n"
    )
    environment = {**os.environ, "DATABASE_URL": database_url, "LUOTSI_DATA_DIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at it\n"
    slow = Job(name="slow", run=lambda work: Done(counts={"rows": 1}))
    assert ran(database, slow)[0].outcome is None, "somebody is at it"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert ran(database, slow)[0].outcome is JobOutcome.DONE
    assert [one.outcome for one in runs(database, "slow")] == [JobOutcome.INTERRUPTED, JobOutcome.DONE]


def test_a_job_that_was_taken_over_stops_and_overwrites_nothing(database: Database) -> None:
    def silent(work: Work) -> Done:
        with database.writing() as session:
            job_runs.begin(session, "silent")  # as the process that takes over does
        raise TakenOver

    (found,) = ran(database, Job(name="silent", run=silent))
    assert found.outcome is JobOutcome.INTERRUPTED
    assert [one.outcome for one in runs(database, "silent")] == [JobOutcome.INTERRUPTED, JobOutcome.RUNNING]


def test_only_known_jobs_can_be_chosen() -> None:
    assert [job.name for job in jobs.chosen("tidy")] == ["tidy"]
    assert jobs.chosen(None) == list(jobs.JOBS)
    with pytest.raises(BadInput, match="There is no job nope; there are reviews"):
        jobs.chosen("nope")


def test_pilots_are_evaluated_on_their_review_days_only(world: World, database: Database) -> None:
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    for week in range(-10, 8):
        for unit in (world.ward, world.other_ward):
            world.measure(unit, world.score, TODAY + dt.timedelta(weeks=week), n=30, mean=6.0 + week % 3, sd=1.0)
    start = TODAY + dt.timedelta(days=7)
    first_review = start + dt.timedelta(days=20)

    def evaluated(today: dt.date) -> list[dt.date]:
        assert ran(database, jobs.JOBS[0], today=today)[0].outcome is JobOutcome.DONE
        with database.reading() as session:
            rows = session.exec(select(Evaluation).where(Evaluation.pilot_id == key(pilot.id)))
            return sorted(row.as_of for row in rows)

    assert first_review in job_reviews.review_days(_plan(world.session, key(pilot.id)))
    assert evaluated(first_review - dt.timedelta(days=1)) == []
    assert evaluated(first_review) == [first_review]
    assert evaluated(first_review) == [first_review], "the same day again"
    assert evaluated(first_review + dt.timedelta(days=6)) == [first_review], "between reviews"
    late = first_review + dt.timedelta(days=9)
    assert evaluated(late) == [first_review, late], "nobody ran it on the day itself"
    over = start + dt.timedelta(weeks=12, days=3)
    end = start + dt.timedelta(weeks=12, days=-1)
    assert evaluated(over) == [first_review, late, end]
    assert evaluated(over + dt.timedelta(days=1)) == [first_review, late, end], "nothing has changed"

    world.measure(world.ward, world.score, end - dt.timedelta(days=8), n=30, mean=9.0, sd=1.0)
    assert evaluated(over + dt.timedelta(days=2)) == [first_review, late, end, end], "late data of its last weeks"


def test_one_pilot_that_cannot_be_evaluated_does_not_stop_the_others(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = (
        pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
        for _ in range(2)
    )
    true = job_reviews.evaluation.evaluate_pilot

    def evaluate(session: Session, *, pilot_id: int, **rest: object) -> object:
        if pilot_id == bad.id:
            raise ZeroDivisionError("of Maija Virtanen")
        return true(session, pilot_id=pilot_id, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(job_reviews.evaluation, "evaluate_pilot", evaluate)
    (found,) = ran(database, jobs.JOBS[0], today=TODAY + dt.timedelta(weeks=5))
    assert found.failed
    assert dict(found.counts) == {"due": 2, "evaluated": 1, "changed": 1, "failed": 1}
    assert found.said.startswith(f"{bad.code}: ZeroDivisionError at ")
    with database.reading() as session:
        assert session.exec(select(Evaluation.pilot_id)).all() == [good.id]


def test_comments_past_their_time_are_erased(world: World, database: Database) -> None:
    old = world.answer(world.ward, dt.date(2025, 10, 22), score=9, text="Vanha sana")
    kept = world.answer(world.ward, dt.date(2025, 10, 23), score=8, text="Uusi sana")
    (found,) = ran(database, jobs.JOBS[3], retention_months=13)
    assert (found.outcome, found.counts["comments"]) == (JobOutcome.DONE, 1)
    world.session.refresh(old)
    world.session.refresh(kept)
    assert (old.text, kept.text) == (None, "Uusi sana")


def test_old_rows_of_the_machinery_go_and_new_ones_stay(world: World, database: Database) -> None:
    person_id = key(world.nurse.id)
    long_ago = now() - dt.timedelta(days=500)
    with database.writing() as session:
        for at in (long_ago, now()):
            session.add(JobRun(job="tidy", outcome=JobOutcome.DONE, started_at=at, ended_at=at))
            session.add(Reminder(person_id=person_id, matter="log:K001:1", channel="email", on_date=at.date(), at=at))
            session.add(
                IdempotentRequest(
                    person_id=person_id, route="r", key=str(at), body_digest="0" * 64, status=200, answer={}, at=at
                )
            )
        session.commit()
    (found,) = ran(database, jobs.JOBS[4], today=now().date())
    assert dict(found.counts) == {"sessions": 0, "requests": 1, "runs": 1, "reminders": 1, "messages": 0}
    with database.reading() as session:
        assert len(session.exec(select(Reminder)).all()) == 1
        assert len(session.exec(select(JobRun)).all()) == 2, "this run's too"
        assert session.get(Person, person_id) is not None


def test_the_trails_head_is_published(world: World, database: Database, tmp_path: Path) -> None:
    (found,) = ran(database, jobs.JOBS[5], data_dir=tmp_path)
    assert found.counts["entries"] > 0
    assert len((tmp_path / "audit-heads.jsonl").read_text().splitlines()) == 1


def test_months_end_where_they_end() -> None:
    assert retention.first_day_kept(dt.date(2026, 5, 31), 3) == dt.date(2026, 2, 28)
    assert retention.first_day_kept(dt.date(2026, 1, 15), 1) == dt.date(2025, 12, 15)


def _plan(session: Session, pilot_id: int) -> PilotPlan:
    plan = pilots.pilot_row(session, pilot_id=pilot_id, today=TODAY).plan
    session.commit()  # a writing session keeps its turn until it ends
    return plan
