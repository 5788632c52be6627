"""The metrics there are, and the survey items that feed them, for choices on a page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.metrics import Metric


def all_metrics(session: Session) -> Sequence[Metric]:
    """Every metric that values can be given for, by code: all but themes' shares, which are counted from comments."""
    return session.exec(select(Metric).where(col(Metric.theme_id).is_(None)).order_by(Metric.code)).all()


def survey_items(session: Session) -> list[str]:
    """Codes of the survey items that metrics are fed by."""
    found = session.exec(select(col(Metric.item)).distinct()).all()
    return sorted(item for item in found if item is not None)
