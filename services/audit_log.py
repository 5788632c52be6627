"""The audit trail as an administrator reads it: searched, the newest first, a page at a time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.audit import AuditDetail, AuditEntry
from models.people import Person
from services.i18n import N_
from services.permissions import May, require
from services.settings import ZONE

A_PAGE = 25
SUBJECTS: dict[str, str] = {
    "adoption": N_("state of a scaled practice"),
    "api_key": N_("key of the interface"),
    "decision": N_("decision"),
    "decision_approval": N_("approval of a decision"),
    "decision_unit": N_("unit a decision reaches"),
    "evaluation": N_("evaluation"),
    "event": N_("event that may disturb"),
    "event_unit": N_("unit an event touches"),
    "expert_rating": N_("expert's rating"),
    "feedback": N_("feedback"),
    "feedback_score": N_("score of an answer"),
    "idea": N_("idea"),
    "idea_vote": N_("vote for an idea"),
    "import_batch": N_("import of a file"),
    "import_profile": N_("saved columns of an import"),
    "log_entry": N_("entry of the weekly log"),
    "measurement": N_("measurement"),
    "meeting": N_("meeting"),
    "meeting_item": N_("matter of a meeting"),
    "metric": N_("metric"),
    "person": N_("person"),
    "pilot": N_("pilot"),
    "pilot_plan": N_("plan of a pilot"),
    "pilot_status": N_("stage of a pilot"),
    "pilot_theme": N_("theme of a pilot"),
    "plan_guardrail": N_("guardrail of a plan"),
    "plan_unit": N_("unit of a plan"),
    "service_path": N_("service path"),
    "session": N_("session"),
    "setting": N_("setting of the installation"),
    "sign_in_identity": N_("account a person signs in with"),
    "story": N_("public story"),
    "text_removal": N_("removal of a text"),
    "text_review": N_("check of a comment's themes"),
    "thanks": N_("thanks"),
    "theme": N_("theme"),
    "theme_assignment": N_("theme of an answer"),
    "theme_change": N_("change of the list of themes"),
    "theme_model": N_("version of the theme model"),
    "theme_proposal": N_("proposed theme"),
    "unit": N_("unit"),
    "unit_lineage": N_("merger or split of units"),
    "walk": N_("walk in the customer's shoes"),
    "walk_step": N_("stage of a walk"),
    "webhook": N_("address that is told of decisions"),
}
"""What a table's rows are, in words."""
ACTIONS: dict[str, str] = {
    "insert": N_("added"),
    "update": N_("changed"),
    "delete": N_("deleted"),
    "forget": N_("details erased"),
    "export": N_("taken away as a file"),
    "sign_in": N_("signed in"),
    "sign_out": N_("signed out"),
    "sign_in_refused": N_("sign-in refused"),
    "end_sessions": N_("signed out by an administrator"),
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One value that changed.

    Attributes:
        name: The column, as the tables call it.
        before: As it was; None for nothing.
        after: As it is; None for nothing.
    """

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry as it is read.

    Attributes:
        number: Its place in the chain.
        at: When, in Finland.
        who: The person's name; their user name when they are not known any more; "" for the installation itself.
        role: Their role then; "" for none.
        allowed_by: The right that they used; "" for none.
        action: What was done.
        subject: What to.
        key: Which one; "" for many at once.
        parts: What changed; empty where nothing is kept of it.
        forgotten: Whether the details were erased.
        hash: The entry's hash.
    """

    number: int
    at: dt.datetime
    who: str
    role: str
    allowed_by: str
    action: str
    subject: str
    key: str
    parts: tuple[Part, ...]
    forgotten: bool
    hash: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which entries are looked for.

    Attributes:
        who: A part of a name or user name, or the number of a row; "" for all.
        subject: One subject; "" for all.
        action: One action; "" for all.
        page: Counted from 1.
    """

    who: str = ""
    subject: str = ""
    action: str = ""
    page: int = 1


def page(session: Session, by: Person | None, asked: Asked) -> tuple[Sequence[Line], int]:
    """A page of the trail, and how many entries there are in all that were asked for.

    Raises:
        NotAllowed: The person is no administrator.
    """
    require(session, by, May.ADMINISTER)
    condition = _condition(asked)
    total = session.exec(
        select(sa.func.count()).select_from(AuditEntry).join(*_PERSON, isouter=True).where(*condition)
    ).one()
    query = (
        select(AuditEntry, AuditDetail, Person.name)
        .join(AuditDetail, col(AuditDetail.entry_id) == col(AuditEntry.id), isouter=True)
        .join(*_PERSON, isouter=True)
        .where(*condition)
        .order_by(col(AuditEntry.id).desc())
        .offset((max(asked.page, 1) - 1) * A_PAGE)
        .limit(A_PAGE)
    )
    return [_line(entry, detail, name) for entry, detail, name in session.exec(query)], total


def subjects(session: Session) -> Sequence[str]:
    """What the trail tells of so far."""
    return session.exec(select(AuditEntry.subject).distinct().order_by(AuditEntry.subject)).all()


def actions(session: Session) -> Sequence[str]:
    """What has been done so far."""
    return session.exec(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


_PERSON: tuple[Any, Any] = (Person, col(Person.code) == col(AuditEntry.actor))


def _condition(asked: Asked) -> list[Any]:
    found: list[Any] = []
    if asked.subject:
        found.append(AuditEntry.subject == asked.subject)
    if asked.action:
        found.append(AuditEntry.action == asked.action)
    if words := asked.who.strip():
        like = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found.append(
            sa.or_(
                sa.func.lower(AuditEntry.actor).like(like, escape="\\"),
                sa.func.lower(col(Person.name)).like(like, escape="\\"),
                col(AuditEntry.key) == words,
            )
        )
    return found


def _line(entry: AuditEntry, detail: AuditDetail | None, name: str | None) -> Line:
    before = json.loads(detail.before or "{}") if detail else {}
    after = json.loads(detail.after or "{}") if detail else {}
    names = sorted({*before, *after})
    return Line(
        number=entry.id or 0,
        at=dt.datetime.fromisoformat(entry.at).astimezone(ZONE),
        who=name or entry.actor,
        role=entry.role,
        allowed_by=entry.allowed_by,
        action=entry.action,
        subject=entry.subject,
        key=entry.key,
        parts=tuple(Part(name=one, before=_told(before.get(one)), after=_told(after.get(one))) for one in names),
        forgotten=detail is None,
        hash=entry.hash,
    )


def _told(value: object) -> str | None:
    """A value as it is read; a digest stands for people's words."""
    if value is None:
        return None
    if isinstance(value, dict) and "digest" in value:
        return f"# {str(value['digest'])[:12]}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
