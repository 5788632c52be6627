"""Names of enumerated values, as English msgids: pages print them through the translator, never the raw key."""

from __future__ import annotations

import enum

from models.decisions import Choice, StoryStatus, Verdict
from models.feedback import Channel
from models.imports import ImportKind
from models.metrics import Direction, MeasurementSource, MetricFamily, MetricKind
from models.organisation import CustomerType
from models.people import Role
from models.pilots import Happened, PilotKind, RiskClass, Status
from models.themes import AssignedBy
from services.i18n import N_, Translator

_LABELS: tuple[tuple[enum.StrEnum, str], ...] = (
    (Role.STAFF, N_("staff member")),
    (Role.TEAM_LEAD, N_("team lead")),
    (Role.COACH, N_("development coach")),
    (Role.AREA_DIRECTOR, N_("area director")),
    (Role.LEADERSHIP, N_("leadership")),
    (Role.TRUSTEE, N_("elected trustee (reads only)")),
    (Role.ANALYST, N_("analyst")),
    (Role.ADMIN, N_("data protection officer, administrator")),
    (Role.API_CLIENT, N_("machine user")),
    (Channel.TEXT_MESSAGE, N_("text message")),
    (Channel.KIOSK, N_("kiosk")),
    (Channel.WEB, N_("web form")),
    (Channel.QR, N_("QR code")),
    (Channel.PAPER, N_("paper")),
    (Channel.PHONE, N_("phone")),
    (Channel.INTERVIEW, N_("interview")),
    (Channel.INTERNAL, N_("internal")),
    (CustomerType.EXTERNAL, N_("external customer")),
    (CustomerType.INTERNAL, N_("internal customer")),
    (Status.IDEA, N_("idea")),
    (Status.PLANNED, N_("planned")),
    (Status.RUNNING, N_("running")),
    (Status.AWAITING_DECISION, N_("awaiting decision")),
    (Status.SCALING, N_("being scaled up")),
    (Status.ESTABLISHED, N_("established practice")),
    (Status.ADAPTING, N_("being adapted")),
    (Status.STOPPED, N_("we learned")),
    (Verdict.SCALE, N_("scale up")),
    (Verdict.EXTEND, N_("extend follow-up")),
    (Verdict.ADAPT, N_("adapt and retest")),
    (Verdict.STOP, N_("stop")),
    (Verdict.NOT_ENOUGH_DATA, N_("not enough data yet")),
    (Choice.SCALE, N_("scale up")),
    (Choice.EXTEND, N_("extend follow-up")),
    (Choice.ADAPT, N_("adapt and retest")),
    (Choice.STOP, N_("stop")),
    (StoryStatus.DRAFT, N_("draft")),
    (StoryStatus.APPROVED, N_("public")),
    (StoryStatus.WITHDRAWN, N_("withdrawn")),
    (PilotKind.WAY_OF_WORKING, N_("way of working")),
    (PilotKind.COMMUNICATION, N_("communication")),
    (PilotKind.BOOKING, N_("booking")),
    (PilotKind.REMOTE_VISIT, N_("remote visit")),
    (PilotKind.SPACE, N_("premises")),
    (PilotKind.OTHER, N_("something else")),
    (RiskClass.LOW, N_("low risk")),
    (RiskClass.MODERATE, N_("moderate risk")),
    (RiskClass.HIGH, N_("high risk")),
    (Happened.YES, N_("yes")),
    (Happened.PARTLY, N_("partly")),
    (Happened.NO, N_("no")),
    (MetricKind.SCORE, N_("score")),
    (MetricKind.NPS, N_("recommendation index")),
    (MetricKind.PROPORTION, N_("share")),
    (MetricKind.COUNT, N_("count")),
    (MetricKind.DURATION, N_("duration")),
    (MetricKind.COST, N_("cost")),
    (MetricFamily.NATIONAL, N_("national survey")),
    (MetricFamily.OWN, N_("own metric")),
    (MetricFamily.PROCESS, N_("process")),
    (MetricFamily.SAFETY, N_("safety")),
    (MetricFamily.STAFF, N_("staff experience")),
    (MetricFamily.COST, N_("cost and time")),
    (Direction.INCREASE, N_("more is better")),
    (Direction.DECREASE, N_("less is better")),
    (MeasurementSource.IMPORT, N_("imported")),
    (MeasurementSource.LOG, N_("logged")),
    (MeasurementSource.API, N_("from another system")),
    (MeasurementSource.DEMO, N_("invented")),
    (AssignedBy.PERSON, N_("a person")),
    (AssignedBy.RESPONDENT, N_("the respondent")),
    (AssignedBy.RULE, N_("keywords")),
    (AssignedBy.MODEL, N_("the model")),
    (ImportKind.FEEDBACK, N_("feedback")),
    (ImportKind.MEASUREMENTS, N_("measurements")),
)

_BY_KIND = {(type(value), value.value): text for value, text in _LABELS}

LIFE_SITUATIONS: dict[str, str] = {
    "family_with_children": N_("family with children"),
    "student": N_("student"),
    "working_age": N_("working age"),
    "unemployed": N_("unemployed"),
    "family_carer": N_("carer of a relative"),
    "retired": N_("retired"),
    "long_term_illness": N_("long-term illness"),
    "disability": N_("disability"),
    "immigrant": N_("moved from abroad"),
    "seasonal_resident": N_("seasonal resident"),
    "business": N_("company"),
    "property_owner": N_("property owner"),
    "staff": N_("staff"),
}
LANGUAGES: dict[str, str] = {
    "fi": N_("Finnish speakers"),
    "sv": N_("Swedish speakers"),
    "en": N_("English speakers"),
}


def label(t: Translator, value: enum.StrEnum) -> str:
    """The name of an enumerated value in the translator's language."""
    return t(_BY_KIND[(type(value), value.value)])


def group(t: Translator, population: str) -> str:
    """A group such as language:sv or age:75+ in words; "" is everyone."""
    name, _, value = population.partition(":")
    if not population:
        return t("everyone")
    if name == "age":
        return t.say("{ages} years old", ages=value)
    if name == "language" and value in LANGUAGES:
        return t(LANGUAGES[value])
    if name == "life" and value in LIFE_SITUATIONS:
        return t(LIFE_SITUATIONS[value])
    return value or name
