"""Column mappings kept under a name, and ready-made ones."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.base import now, validated
from models.imports import ImportKind, ImportProfile
from models.people import Person
from services.errors import BadInput, NotFound
from services.intake.mapping import FeedbackMapping, MeasurementMapping, mapping_as_json, mapping_from
from services.intake.ready_made import ReadyMade, ready_made
from services.permissions import May, permitted

AnyMapping = FeedbackMapping | MeasurementMapping


def list_profiles(session: Session, kind: ImportKind | None = None) -> Sequence[ImportProfile]:
    """Saved profiles, by name."""
    query = select(ImportProfile).order_by(ImportProfile.name)
    return session.exec(query.where(ImportProfile.kind == kind) if kind else query).all()


def named_profile(session: Session, name: str, kind: ImportKind) -> ImportProfile | ReadyMade:
    """The saved profile of a name, else the ready-made one.

    Raises:
        NotFound: There is none; the sentence names those there are.
    """
    found = session.exec(select(ImportProfile).where(ImportProfile.name == name, ImportProfile.kind == kind)).first()
    if found is not None:
        return found
    ready = ready_made() if kind is ImportKind.FEEDBACK else ()
    by_name = {form.name: form for form in ready}
    if name not in by_name:
        names = [*(profile.name for profile in list_profiles(session, kind)), *by_name]
        raise NotFound("There is no profile {name}; there are: {names}.", name=name, names=", ".join(names) or "-")
    return by_name[name]


def mapping_of(profile: ImportProfile) -> AnyMapping:
    """A profile's mapping."""
    return mapping_from(profile.mapping)


def save_profile(session: Session, *, name: str, mapping: AnyMapping, by: Person | None) -> ImportProfile:
    """Keep a mapping under a name; saving the name again replaces the mapping for later imports.

    Args:
        session: A writing session.
        name: What people will look for.
        mapping: Which column is what.
        by: The person, or None for the operator at the terminal.

    Raises:
        BadInput: The name is blank or too long.
        NotAllowed: The person may not import.
    """
    permitted(session, by, May.IMPORT)
    if not 1 <= len(name.strip()) <= 120:
        raise BadInput("A profile needs a name of at most 120 characters.", field="name")
    kind = ImportKind(mapping.kind)
    query = select(ImportProfile).where(ImportProfile.name == name.strip(), col(ImportProfile.kind) == kind)
    profile = session.exec(query).first() or validated(ImportProfile, kind=kind, name=name.strip(), mapping={})
    profile.mapping = mapping_as_json(mapping)
    profile.by_id = by.id if by else None
    profile.at = now()
    session.add(profile)
    session.commit()
    return profile
