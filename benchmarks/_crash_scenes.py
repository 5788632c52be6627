"""What is killed, and what must hold afterwards: an import, decisions, a re-evaluation."""

from __future__ import annotations

import datetime as dt
import os
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session, col, func, select

from benchmarks._comments import write_survey
from benchmarks._crash_child import decide
from models.base import monday_of, validated, week_of
from models.database import Database
from models.decisions import Decision, DecisionUnit, Evaluation, Verdict
from models.feedback import Feedback, FeedbackScore
from models.imports import ImportBatch
from models.metrics import Measurement, MeasurementSource
from models.pilots import PilotStatus
from services import evaluation, pilots, snapshot
from services.errors import Conflict
from services.import_batches import file_digest
from services.importing import import_feedback
from services.rows import key
from tests.services.conftest import TODAY, World, stored_world
from tests.services.test_decisions import evaluated


class Scene(ABC):
    """Something a process does that is killed at it, and what is looked at afterwards.

    Attributes:
        name: What it is called in the report.
        usual: About how many seconds it works, and in how many transactions that write.
    """

    name: str
    usual: tuple[float, int]

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.database = Database(url)
        with self.database.writing() as session:
            self.seed(session, stored_world(session))

    def seed(self, session: Session, world: World) -> None:  # noqa: B027  a scene may begin from the world alone
        """Store what the scene begins from."""

    @abstractmethod
    def command(self, turn: int) -> list[str]:
        """What the process is told, after `_crash_child`."""

    @abstractmethod
    def problems(self, turn: int, printed: Sequence[str], *, ended: bool) -> tuple[bool, list[str]]:
        """Look, then do the same again, which must succeed or be refused as a repeat.

        Args:
            turn: The turn.
            printed: The lines it printed before it was killed.
            ended: Whether it ended by itself, and well.

        Returns:
            Whether what was begun was there as a whole, and what is wrong.
        """

    def environment(self, turn: int) -> dict[str, str]:
        """Its configuration: the scene's database and day."""
        return os.environ | {
            "DATABASE_URL": self.url,
            "LUOTSI_DATA_DIR": str(self.folder),
            "LUOTSI_TODAY": self.day(turn).isoformat(),
            "LUOTSI_READ_COMMENTS": "off",
        }

    @contextmanager
    def configured(self, turn: int) -> Iterator[None]:
        """This process configured as the killed one was."""
        before = dict(os.environ)
        os.environ.update(self.environment(turn))
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def day(self, turn: int) -> dt.date:
        """The day on which a turn is taken."""
        return TODAY


class Import(Scene):
    """`cli.py import-feedback` of a file of its own each turn, with rows that are rejected."""

    name = "import"
    usual = (1.5, 1)
    rows, bad = 800, 3

    def file(self, turn: int) -> Path:
        """The turn's file."""
        path = self.folder / f"survey-{turn}.csv"
        if not path.exists():
            last = TODAY - dt.timedelta(days=1)
            write_survey(path, rows=self.rows, units=("SAI3", "SAI4", "PEL1"), last=last, seed=turn)
            with path.open("a", encoding="utf-8") as file:
                file.writelines(f"1.11.2026 10:00;NOWHERE;{row};5;Kiitos.\r\n" for row in range(self.bad))
        return path

    def command(self, turn: int) -> list[str]:
        """The import of the turn's file."""
        return ["cli.py", "import-feedback", str(self.file(turn))]

    def problems(self, turn: int, printed: Sequence[str], *, ended: bool) -> tuple[bool, list[str]]:
        """The file is in as a whole or not at all; taken again it is refused, or comes in as a whole."""
        path, wrong = self.file(turn), []
        with self.database.reading() as session:
            arrived = self._batch(session, path) is not None
            wrong += self._halves(session)
        if any('"imported"' in line for line in printed) and not arrived:
            wrong.append("an import that was acknowledged is not there")
        if ended and not arrived:
            wrong.append("an import that ended well is not there")
        with self.configured(turn), self.database.writing() as session:
            try:
                result = import_feedback(session, path=path, by=None)
                if arrived:
                    wrong.append("the same file was taken twice")
                if (result.rows, result.rejected) != (self.rows + self.bad, self.bad):
                    wrong.append(f"taken again it came to {result}")
            except Conflict:
                if not arrived:
                    wrong.append("a file that is not there was refused as a repeat")
        with self.database.reading() as session:
            batch = self._batch(session, path)
            if batch is None or batch.imported + batch.duplicates + batch.rejected != batch.rows:
                wrong.append(f"the record of the import is {batch}")
            elif not (self.folder / "rejects" / f"import-{batch.id}-rejects.csv").exists():
                wrong.append("the rejected rows were not written")
            wrong += self._halves(session)
        return arrived, wrong

    @staticmethod
    def _batch(session: Session, path: Path) -> ImportBatch | None:
        return session.exec(select(ImportBatch).where(ImportBatch.sha256 == file_digest(path))).first()

    @staticmethod
    def _halves(session: Session) -> list[str]:
        """Imports whose rows are not those that their record says."""
        said = {batch.id: batch.imported for batch in session.exec(select(ImportBatch))}
        count = select(Feedback.batch_id, func.count()).group_by(col(Feedback.batch_id))
        stored = dict(session.exec(count).all())
        answers = session.exec(select(func.count()).select_from(Feedback)).one()
        scores = session.exec(select(func.count(func.distinct(FeedbackScore.feedback_id)))).one()
        wrong = [] if stored == said else [f"imports say {said}, stored are {stored}"]
        return wrong + ([] if answers == scores else [f"{answers} answers have {scores} scores"])


class Decide(Scene):
    """A process that decides on pilots in turn through `services.decisions`."""

    name = "decision"
    usual = (2.0, 50)

    def seed(self, session: Session, world: World) -> None:
        """Pilots that are to be decided on."""
        self.pilots = _pilots(session, world, 6)
        for pilot in self.pilots:
            evaluated(world, pilots.get(session, pilots.Pilot, pilot), Verdict.SCALE)
        self.acknowledged: set[int] = set()

    def command(self, turn: int) -> list[str]:
        """Decide on all of them, again and again."""
        return ["decide", self.url, *(str(pilot) for pilot in self.pilots)]

    def problems(self, turn: int, printed: Sequence[str], *, ended: bool) -> tuple[bool, list[str]]:
        """What was printed is there, whole; deciding again what was under way is stored, or refused as decided."""
        told = {int(line) for line in printed if line.isdigit()}
        self.acknowledged |= told
        with self.database.reading() as session:
            made = {key(row.id): row for row in session.exec(select(Decision))}
            units = Counter(session.exec(select(DecisionUnit.decision_id)))
            statuses = Counter(session.exec(select(PilotStatus.pilot_id).where(PilotStatus.status == "scaling")))
        wrong = [f"decision {number} was acknowledged and is not there" for number in self.acknowledged - set(made)]
        wrong += [f"decision {number} has {units[number]} units" for number in made if units[number] != 2]
        if statuses != Counter(row.pilot_id for row in made.values()):
            wrong.append(
                f"statuses of pilots are {statuses}, decisions {Counter(row.pilot_id for row in made.values())}"
            )
        unsaid = sorted(set(made) - self.acknowledged)
        if len(unsaid) > 1:
            wrong.append(f"decisions {unsaid} were stored and never acknowledged")
        begun = made[max(told)].pilot_id if told else self.pilots[-1]
        pilot = self.pilots[(self.pilots.index(begun) + 1) % len(self.pilots)]
        known = max(
            (number for number, row in made.items() if row.pilot_id == pilot and number not in unsaid), default=0
        )
        arrived = any(made[number].pilot_id == pilot for number in unsaid)
        with self.database.writing() as session:
            try:
                self.acknowledged.add(decide(session, pilot, read=known))
                if arrived:
                    wrong.append("the same was decided twice")
            except Conflict:
                if not arrived:
                    wrong.append("a decision that is not there was refused as made")
        self.acknowledged |= set(unsaid)
        return bool(unsaid) or ended, wrong


class Evaluate(Scene):
    """`cli.py evaluate-all`, a day later each turn."""

    name = "re-evaluation"
    usual = (1.5, 6)

    def seed(self, session: Session, world: World) -> None:
        """Pilots with half a year of weekly measurements before them and some after their start."""
        self.pilots = _pilots(session, world, 6)
        for back in range(-11, 30):
            for unit, value in ((world.ward, 6.0), (world.other_ward, 6.5)):
                day = monday_of(week_of(TODAY) - back)
                for metric, mean in ((world.score, value + back % 5 / 10), (world.pulse, 3.5)):
                    session.add(
                        validated(
                            Measurement, metric_id=metric.id, unit_id=unit.id, on_date=day, week=week_of(day),
                            n=25.0, mean=mean, sd=1.5, source=MeasurementSource.IMPORT,
                        )
                    )  # fmt: skip
        session.commit()

    def day(self, turn: int) -> dt.date:
        """A day after the start of the pilots."""
        return TODAY + dt.timedelta(days=28 + turn)

    def command(self, turn: int) -> list[str]:
        """Every pilot that has started."""
        return ["cli.py", "evaluate-all"]

    def problems(self, turn: int, printed: Sequence[str], *, ended: bool) -> tuple[bool, list[str]]:
        """Each pilot has been evaluated whole or not; done again, all are, each once."""
        before = self._of(turn)
        wrong = self._unreadable(before)
        told = sum(line.count("\t") == 2 for line in printed)
        if told > len(before) or (ended and len(before) != len(self.pilots)):
            wrong.append(f"{told} evaluations were acknowledged, {len(before)} are there")
        with self.database.writing() as session:
            found = evaluation.evaluate_all(session, today=self.day(turn))
        after = self._of(turn)
        if sorted(row.pilot_id for row in after) != sorted(self.pilots) or len(found) != len(self.pilots):
            wrong.append(f"done again, the evaluations are of the pilots {[row.pilot_id for row in after]}")
        if not {row.id for row in before} <= {row.id for row in after}:
            wrong.append("done again, an evaluation was stored twice")
        return len(before) == len(self.pilots), wrong + self._unreadable(after)

    def _of(self, turn: int) -> Sequence[Evaluation]:
        with self.database.reading() as session:
            return session.exec(select(Evaluation).where(Evaluation.as_of == self.day(turn))).all()

    @staticmethod
    def _unreadable(rows: Sequence[Evaluation]) -> list[str]:
        return [f"evaluation {row.id} cannot be read" for row in rows if not snapshot.decode(row.result)]


def _pilots(session: Session, world: World, count: int) -> list[int]:
    """Pilots of one plan that differ in what they change."""
    made = []
    for number in range(count):
        fields = world.fields(change=f"Takaisinsoittovuoro {number}.")
        made.append(
            key(pilots.register_pilot(session, fields=fields, plan=world.plan(), by=world.lead, today=TODAY).id)
        )
    return made


SCENES: tuple[type[Scene], ...] = (Import, Decide, Evaluate)
