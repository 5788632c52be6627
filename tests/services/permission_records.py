"""What people keep, for the permission matrix: themes, comments, imports, people, units, keys and webhooks."""

from __future__ import annotations

import uuid
from pathlib import Path

from models.base import now
from models.feedback import Channel
from models.imports import ImportBatch, ImportKind
from models.interface import DeliveryState, KeyScope, Webhook, WebhookDelivery
from models.organisation import Unit
from models.people import Person
from models.theme_curation import ProposalState, ThemeProposal
from models.themes import AssignedBy, ThemeAssignment
from services import api_keys, theme_curation, theme_undo
from services.audit_log import Asked
from services.intake.mapping import FeedbackMapping, Source
from services.rows import key
from services.theme_curation import Wording
from services.theme_proposals import Search
from services.theme_review import Checked
from services.typed_feedback import TypedAnswer
from tests.services.permission_county import MOMENT, NAMES, County, Make, Subject
from themes.spans import Kind


def wording(county: County) -> Wording:
    return Wording(names=NAMES, keywords=("uusi",), examples=(), parent_id=None, praise=False, controllable=True)


def imported(county: County) -> Subject:
    batch = county.keep(
        ImportBatch(
            kind=ImportKind.FEEDBACK,
            file_name="x.csv",
            sha256="0" * 64,
            rows=1,
            imported=1,
            duplicates=0,
            rejected=0,
        )
    )
    comment = county.comment()
    comment.batch_id = batch.id
    county.keep(comment)
    return Subject(county.ward, {"batch": batch.id})


def of_comment(**fields: object) -> Make:
    return lambda county: Subject(county.ward, {"feedback_id": county.comment().id, **fields})


def comment_and_theme(**fields: object) -> Make:
    def make(county: County) -> Subject:
        arguments = {"feedback_id": county.comment().id, "theme_id": county.theme().id}
        return Subject(county.ward, {**arguments, **fields})

    return make


def said_by_hand(county: County) -> Subject:
    comment, theme = county.comment(), county.theme("T20")
    county.keep(
        ThemeAssignment(
            feedback_id=key(comment.id), theme_id=key(theme.id), assigned_by=AssignedBy.PERSON, by_id=county.by.id
        )
    )
    return Subject(county.ward, {"feedback_id": comment.id, "theme_id": theme.id, "before": None})


def hidden_words(county: County) -> Subject:
    comment = county.comment()
    comment.text = "Soitin numeroon Pohjola viidesti."
    county.keep(comment)
    return Subject(county.ward, {"feedback_id": comment.id, "words": "Pohjola", "kind": Kind.NAME})


def checked(county: County) -> Subject:
    found = Checked(feedback_id=key(county.comment().id), words={}, review=None)
    return Subject(county.ward, {}, positional=(found,))


def of_theme(code: str = "T02", **fields: object) -> Make:
    return lambda county: Subject(county.ward, {"theme_id": county.theme(code).id, **fields})


def merged(county: County) -> Subject:
    return Subject(county.ward, {"theme_id": county.theme("T02").id, "into_id": county.theme("T01").id})


def renamed(county: County) -> tuple[int, int]:
    """A theme's change that an allowed person made, and its number."""
    coach = county.first(Person, Person.code == "u10")
    theme = county.theme("T02")
    theme_curation.rename(county.session, theme_id=key(theme.id), names=NAMES, by=coach)
    return key(theme.id), key(theme_curation.latest(county.session, key(theme.id)))


def undone(county: County) -> Subject:
    _, change_id = renamed(county)
    theme_undo.undo(county.session, change_id=change_id, by=county.first(Person, Person.code == "u10"))
    return Subject(county.ward, {"change_id": change_id})


def proposal(state: ProposalState = ProposalState.OPEN, **fields: object) -> Make:
    def make(county: County) -> Subject:
        row = county.keep(
            ThemeProposal(label="x", keywords=["x"], size=1, share=0.1, members=[key(county.comment().id)], state=state)
        )
        return Subject(county.ward, {"proposal_id": row.id, **fields})

    return make


def joined(county: County) -> Subject:
    subject = proposal()(county)
    return Subject(county.ward, {**subject.arguments, "theme_id": county.theme().id})


def kept_search(county: County) -> Subject:
    found = Search(
        within_theme_id=None, comments=0, looked_at=0, unread=0, groups=(), judged_before=0, vectors={}, engine="x"
    )
    return Subject(county.ward, {}, positional=(found,))


def typed(county: County) -> Subject:
    answer = TypedAnswer(unit_id=county.ward, channel=Channel.PHONE, given_on=county.today, text="Puhelu katkesi.")
    return Subject(county.ward, {"today": county.today}, positional=(answer,))


def typed_before(county: County) -> Subject:
    comment = county.comment()
    comment.source, comment.stored_at = f"typed in by person {county.by.id}", now()
    county.keep(comment)
    return Subject(county.ward, {"feedback_id": comment.id})


def new_unit(county: County) -> Subject:
    return Subject(county.ward, {"code": "UUSI", "names": {"fi": "Uusi"}, "level": "unit"})


def empty_unit(county: County) -> int:
    return key(county.keep(Unit(code=f"E{uuid.uuid4().hex[:6]}", level="unit", name={"fi": "Tyhjä"})).id)


def of_unit(closed: bool = False, **fields: object) -> Make:
    def make(county: County) -> Subject:
        number = empty_unit(county)
        if closed:
            county.session.get_one(Unit, number).closed_on = county.today
        return Subject(county.ward, {"unit_id": number, **fields})

    return make


def closing(county: County) -> Subject:
    return Subject(county.ward, {"unit_id": empty_unit(county), "on": county.today, "today": county.today})


def unit_merged(county: County) -> Subject:
    days = {"on": county.today, "today": county.today}
    return Subject(county.ward, {"unit_ids": [empty_unit(county)], "into_id": county.ward, **days})


def unit_split(county: County) -> Subject:
    days = {"on": county.today, "today": county.today}
    into = [empty_unit(county), empty_unit(county)]
    return Subject(county.ward, {"unit_id": empty_unit(county), "into_ids": into, **days})


def of_person(active: bool = True, **fields: object) -> Make:
    def make(county: County) -> Subject:
        person = county.first(Person, Person.code == "u4")
        person.active = active
        county.keep(person)
        return Subject(county.ward, {"person_id": person.id, **fields})

    return make


def person_changed(county: County) -> Subject:
    person = county.first(Person, Person.code == "u4")
    fields = {"name": "Uusi Nimi", "role": person.role.value, "unit_id": person.unit_id, "now": MOMENT}
    return Subject(county.ward, {"person_id": person.id, **fields})


def api_key(county: County) -> Subject:
    admin = county.first(Person, Person.code == "u12")
    made = api_keys.create(county.session, system="Kysely", scopes=[KeyScope.READ_THEMES], by=admin)
    return Subject(county.ward, {"prefix": made.row.prefix})


def webhook(county: County) -> Subject:
    row = county.keep(Webhook(url="https://hook.example.fi/x"))
    return Subject(county.ward, {"webhook_id": row.id})


def delivery(county: County) -> Subject:
    hook = county.keep(Webhook(url="https://hook.example.fi/x"))
    row = county.keep(
        WebhookDelivery(
            uid=str(uuid.uuid4()),
            webhook_id=key(hook.id),
            event="decision.made",
            body="{}",
            state=DeliveryState.GIVEN_UP,
        )
    )
    return Subject(county.ward, {"delivery_id": row.id})


def trail(county: County) -> Subject:
    return Subject(county.ward, {}, last=(Asked(),))


def scope_first(**arguments: object) -> Make:
    return lambda county: Subject(county.ward, dict(arguments), positional=(None,))


def rating(county: County) -> Subject:
    arguments = {"theme_id": county.theme().id, "unit_id": county.ward, "rating": 3, "note": ""}
    return Subject(county.ward, arguments)


def exported(county: County) -> Subject:
    return Subject(county.ward, {}, positional=(None, None))


def exported_rows(county: County) -> Subject:
    return Subject(county.ward, {}, positional=(None,))


def profile(county: County) -> Subject:
    mapping = FeedbackMapping(
        date=Source(column="pvm"),
        unit=Source(column="yksikko"),
        channel=Source(column="kanava"),
        text=(Source(column="teksti"),),
    )
    return Subject(county.ward, {"name": "Uusi", "mapping": mapping})


def file(county: County) -> Subject:
    return Subject(county.ward, {"path": Path(__file__)})


def sent(county: County) -> Subject:
    return Subject(county.ward, {}, positional=([],))


def prepared(county: County) -> Subject:
    return Subject(county.ward, {}, positional=(None,))


def comments(**fields: object) -> Make:
    return lambda county: Subject(county.ward, {"feedback_ids": [county.comment().id], **fields})


def worded(*, new: bool) -> Make:
    def make(county: County) -> Subject:
        arguments: dict[str, object] = {"wording": wording(county)}
        return Subject(county.ward, arguments if new else {**arguments, "theme_id": county.theme("T02").id})

    return make


def changed(county: County) -> Subject:
    return Subject(county.ward, {"change_id": renamed(county)[1]})


def all_changed(county: County) -> Subject:
    return Subject(county.ward, {"change_ids": [renamed(county)[1]]})
