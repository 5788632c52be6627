"""Pilots: registering one, where each stands, finding them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models.base import localised, validated
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot, PilotKind, PilotStatus, PilotTheme, RiskClass, Status
from models.plans import PilotPlan
from models.themes import Theme
from services import given, mandate, own_words, plans
from services.errors import BadInput, NotFound
from services.i18n import translator
from services.mandate import Mandate
from services.permissions import May, require, require_within
from services.plans import PlanInput
from services.redacted import readable
from services.rows import get, key
from services.wording import sentence


@dataclass(frozen=True, kw_only=True)
class PilotInput:
    """The registration's eight questions, in the language the person writes.

    Attributes:
        unit_id: The unit whose pilot it is.
        theme_ids: Themes of feedback it answers, the most important first; at least one.
        customers_say: 1 What do customers say?
        change: 2 What will you change?
        prediction: 3 What do you expect, and why?
        noticing: 4 How will you notice? (The metric is in the plan.)
        must_not_worsen: 5 What must not get worse? (The guardrails are in the plan.)
        resources: 6 Who does it, and what does it take?
        taken_part: 7 Who has taken part?
        language: The language of these texts.
        title: A short name; the change's first words when empty.
    """

    unit_id: int
    theme_ids: tuple[int, ...]
    customers_say: str
    change: str
    prediction: str
    noticing: str = ""
    must_not_worsen: str = ""
    resources: str = ""
    taken_part: str = ""
    title: str = ""
    language: str = "fi"
    kind: PilotKind = PilotKind.WAY_OF_WORKING
    risk: RiskClass = RiskClass.LOW
    setup_hours: float = 0.0
    setup_eur: float = 0.0
    staff_hours_per_week: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PilotRow:
    """A pilot with what lists show beside it."""

    pilot: Pilot
    unit: Unit
    theme: Theme
    plan: PilotPlan
    status: Status
    further_themes: tuple[Theme, ...] = field(default=())


def register_pilot(session: Session, *, fields: PilotInput, plan: PlanInput, by: Person, today: dt.date) -> Pilot:
    """Register a pilot with the first version of its plan; personal data in its texts is redacted.

    Within the mandate of the unit it is planned; beyond it, it waits as an idea for somebody to approve its start.

    Raises:
        BadInput: A question has no answer, or the plan cannot be evaluated or lies in the past.
        NotAllowed: The person may not register pilots in the unit.
    """
    require_within(session, require(session, by, May.REGISTER, unit_id=fields.unit_id), plan.pilot_unit_ids)
    for name, answer in (
        ("customers_say", fields.customers_say),
        ("change", fields.change),
        ("prediction", fields.prediction),
    ):
        if not given.clean(answer):
            raise BadInput("Answer this question in a sentence.", field=name)
    if not fields.theme_ids:
        raise BadInput("A pilot answers at least one theme of feedback. Choose one.", field="themes")
    if plan.start_on < today:
        raise BadInput(
            "The plan is fixed before the start: choose {today} or a later day.", field="start_on", today=today
        )
    if fields.unit_id not in plan.pilot_unit_ids:
        raise BadInput("The pilot's own unit must be among the units that try the change.", field="pilot_units")
    for theme_id in fields.theme_ids:
        get(session, Theme, theme_id)
    for name, value, low in (
        ("setup_hours", fields.setup_hours, 0.0),
        ("setup_eur", fields.setup_eur, 0.0),
        ("staff_hours_per_week", fields.staff_hours_per_week, -given.LARGEST),
    ):
        given.amount(value, field=name, low=low)

    t = translator(fields.language)

    def text(value: str) -> dict[str, str]:
        return {fields.language: readable(t, own_words.redacted(session, value))} if given.clean(value) else {}

    token = secrets.token_urlsafe(9)
    unit = get(session, Unit, fields.unit_id)
    pilot = validated(
        Pilot,
        code=token,
        log_token=token,
        unit_id=fields.unit_id,
        lead_theme_id=fields.theme_ids[0],
        title=text(given.clean(fields.title) or _shortened(given.clean(fields.change))),
        customers_say=text(fields.customers_say),
        change=text(fields.change),
        prediction=text(fields.prediction),
        noticing=text(fields.noticing),
        must_not_worsen=text(fields.must_not_worsen),
        resources=text(fields.resources),
        taken_part=text(fields.taken_part),
        setup_hours=fields.setup_hours,
        setup_eur=fields.setup_eur,
        staff_hours_per_week=fields.staff_hours_per_week,
        kind=fields.kind,
        risk=fields.risk,
        customer_type=unit.customer_type,
        owner_id=by.id,
    )
    session.add(pilot)
    session.flush()
    pilot_id = key(pilot.id)
    pilot.code = f"K{pilot_id:03d}"
    for theme_id in dict.fromkeys(fields.theme_ids[1:]):
        if theme_id != fields.theme_ids[0]:
            session.add(PilotTheme(pilot_id=pilot_id, theme_id=theme_id))
    plans.store_version(session, pilot_id=pilot_id, plan=plan, version=1, by_id=by.id, amendment=False, reason="")
    found = mandate_of(session, fields=fields, plan=plan)
    status = Status.PLANNED if found.within else Status.IDEA
    note = " ".join([t("Needs approval:"), *(sentence(t, reason) for reason in found.reasons)])
    set_status(session, pilot_id=pilot_id, status=status, by_id=by.id, note="" if found.within else note)
    session.commit()
    return pilot


def mandate_of(session: Session, *, fields: PilotInput, plan: PlanInput) -> Mandate:
    """Whether the unit may start the pilot by its own decision."""
    weeks = mandate.weeks_of(plan.start_on, plan.end_on)
    hours = mandate.working_hours(setup=fields.setup_hours, weekly=fields.staff_hours_per_week, weeks=weeks)
    return mandate.judge(mandate.limits(session), hours=hours, euros=fields.setup_eur, risk=fields.risk)


def set_status(session: Session, *, pilot_id: int, status: Status, by_id: int | None, note: str = "") -> None:
    """Append where a pilot stands, in the caller's transaction."""
    session.add(validated(PilotStatus, pilot_id=pilot_id, status=status, by_id=by_id, note=note))


def standing(status: Status, plan: PilotPlan, today: dt.date) -> Status:
    """Where a pilot stands today: planned until its start, running until its end, then awaiting its decision."""
    if status is Status.PLANNED and today >= plan.start_on:
        status = Status.RUNNING
    if status is Status.RUNNING and today > plan.end_on:
        status = Status.AWAITING_DECISION
    return status


def list_pilots(
    session: Session,
    *,
    today: dt.date,
    unit_ids: Iterable[int] | None = None,
    theme_id: int | None = None,
    pilot_id: int | None = None,
) -> list[PilotRow]:
    """Pilots with unit, themes, current plan and standing, by code; only one when its id is given."""
    query = (
        select(Pilot, Unit, Theme)
        .join(Unit, col(Unit.id) == Pilot.unit_id)
        .join(Theme, col(Theme.id) == Pilot.lead_theme_id)
        .order_by(Pilot.code)
    )
    plans_of = select(PilotPlan).order_by(col(PilotPlan.version))
    statuses_of = select(PilotStatus).order_by(col(PilotStatus.id))
    links_of = select(PilotTheme, Theme).join(Theme, col(Theme.id) == PilotTheme.theme_id)
    if unit_ids is not None:
        query = query.where(col(Pilot.unit_id).in_(list(unit_ids)))
    if pilot_id is not None:
        query = query.where(Pilot.id == pilot_id)
        plans_of = plans_of.where(PilotPlan.pilot_id == pilot_id)
        statuses_of = statuses_of.where(PilotStatus.pilot_id == pilot_id)
        links_of = links_of.where(PilotTheme.pilot_id == pilot_id)
    newest_plan = {plan.pilot_id: plan for plan in session.exec(plans_of).all()}
    newest_status = {row.pilot_id: row.status for row in session.exec(statuses_of).all()}
    further: dict[int, list[Theme]] = {}
    for link, theme in session.exec(links_of).all():
        further.setdefault(link.pilot_id, []).append(theme)
    rows = []
    for pilot, unit, theme in session.exec(query).all():
        stored_id = key(pilot.id)
        themes = tuple(sorted(further.get(stored_id, []), key=lambda t: t.code))
        if theme_id is not None and theme_id not in {t.merged_into_id or t.id for t in (theme, *themes)}:
            continue
        plan = newest_plan[stored_id]
        status = standing(Status(newest_status[stored_id]), plan, today)
        rows.append(PilotRow(pilot=pilot, unit=unit, theme=theme, plan=plan, status=status, further_themes=themes))
    return rows


def pilot_row(session: Session, *, pilot_id: int, today: dt.date) -> PilotRow:
    """One pilot as in the list.

    Raises:
        NotFound: There is no such pilot.
    """
    for row in list_pilots(session, today=today, pilot_id=pilot_id):
        return row
    raise NotFound("There is no pilot with the number {id}.", id=pilot_id)


def by_code(session: Session, code: str) -> Pilot:
    """The pilot with a code.

    Raises:
        NotFound: There is none.
    """
    pilot = session.exec(select(Pilot).where(Pilot.code == code)).first()
    if pilot is None:
        raise NotFound("There is no pilot with the code {code}.", code=code)
    return pilot


def by_log_token(session: Session, token: str) -> Pilot:
    """The pilot whose QR code was read.

    Raises:
        NotFound: The code belongs to no pilot.
    """
    pilot = session.exec(select(Pilot).where(Pilot.log_token == token)).first()
    if pilot is None:
        raise NotFound("This code belongs to no pilot. Ask the team for a new one.")
    return pilot


def history(session: Session, pilot_id: int) -> Sequence[PilotStatus]:
    """Every status a pilot has had, oldest first."""
    query = select(PilotStatus).where(PilotStatus.pilot_id == pilot_id).order_by(col(PilotStatus.id))
    return session.exec(query).all()


def matching(rows: Iterable[PilotRow], words: str) -> list[PilotRow]:
    """Rows whose code, title, unit or theme contains every word, in any language."""
    wanted = words.casefold().split()

    def haystack(row: PilotRow) -> str:
        texts: list[Mapping[str, str]] = [row.pilot.title, row.pilot.change, row.unit.name, row.theme.name]
        return " ".join(
            [row.pilot.code, row.unit.code, *(value for text in texts for value in text.values())]
        ).casefold()

    return [row for row in rows if all(word in haystack(row) for word in wanted)]


def title(pilot: Pilot, language: str) -> str:
    """A pilot's name with its code."""
    return f"{pilot.code} {localised(pilot.title, language)}"


def _shortened(text: str, limit: int = 60) -> str:
    """The first words, without dots: it stands as a name."""
    words = text.strip().split()
    shortened = ""
    for word in words:
        if len(shortened) + len(word) + 1 > limit:
            return shortened.strip().rstrip(".,;:") or word[:limit]
        shortened += word + " "
    return shortened.strip().rstrip(".") or text.strip()
