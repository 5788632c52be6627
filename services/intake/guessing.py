"""A first proposal of a mapping from a file's headers and samples, for a person to check."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from rapidfuzz import fuzz, process

from services.i18n import N_
from services.intake import thl
from services.intake.mapping import FeedbackMapping, MeasurementMapping, ScoreColumn, mapping_from
from services.intake.ready_made import Draft, ReadyMade, recognised
from services.intake.refused import RefusedFile
from services.intake.shape import ColumnShape, FileShape

Kind = Literal["feedback", "measurements"]

FACES = {
    "Erittäin tyytymätön": 1.0,
    "Tyytymätön": 2.0,
    "Tyytyväinen": 3.0,
    "Erittäin tyytyväinen": 4.0,
    "Mycket missnöjd": 1.0,
    "Missnöjd": 2.0,
    "Nöjd": 3.0,
    "Mycket nöjd": 4.0,
    "Very unhappy": 1.0,
    "Unhappy": 2.0,
    "Happy": 3.0,
    "Very happy": 4.0,
    "☹☹": 1.0,
    "☹": 2.0,
    "☺": 3.0,
    "☺☺": 4.0,
}
_LIKENESS = 84

_FEEDBACK = {
    "external_id": r"(?:vastaus|palaute|event|svars?|response|feedback|tapahtuma|viesti|rivi)?[\s_-]*"
    r"(?:id|tunniste|tunnus|nro|numero)|vastaajan? ?(?:id|nro|numero)|respondent ?id",
    "date": r"(?:vastaus|käynti|palaute|visit|svars|besöks|answer|response|tapahtuma)?[\s_-]*"
    r"(?:pvm|päivä|päivämäärä|aika|ajankohta|aikaleima|date|time|datum|tid|timestamp|ts)"
    r"|vastattu|lähetetty|completion time|start time|inskickad|aika ja päivä",
    "unit": r"(?:palvelu)?yksik(?:kö|ön)?[\s_-]*(?:oid|koodi|nimi|tunnus)?|toimipiste|toimipaikka"
    r"|enhet(?:ens)?[\s_-]*(?:oid|kod|namn)?|(?:service[\s_-]*)?unit[\s_-]*(?:oid|code|name)?|oid|laitepaikka|piste",
    "channel": r"(?:palaute)?kanava|kanal|channel|keruutapa|vastaustapa|lähde|källa|source",
    "language": r"(?:äidin|asiointi|vastaus)?kieli|(?:moders|betjänings)?(?:mål|språk)|(?:mother )?(?:tongue|language)"
    r"|mother_tongue|lang",
    "age_group": r"ikä(?:ryhmä|luokka)?|ålder(?:s?grupp)?|age(?:[ _]?group)?",
    "customer_type": r"asiakas(?:tyyppi|ryhmä)|kund(?:typ|grupp)|customer[ _]?type",
    "life_situation": r"elämäntilanne|livssituation|life[ _]?situation",
    "solicited": r"pyydetty(?: palaute)?|efterfrågad|solicited",
    "statutory_decision": r"viranomaispäätös|päätös tai määräys|myndighetsbeslut|statutory(?: decision)?",
    "decision_upheld": r"päätös pysyi(?: voimassa)?|beslutet kvarstod|decision upheld",
    "respondent": r"vastaaja|asiakas ?(?:id|nro|numero)|svarare|kundnummer|respondent|customer[ _]?id",
}
_TEXT = (
    r"avoin|vapaa|kommentti|palaute$|terveiset|mitä haluat|kerro|sanallinen|öppen|fri text|kommentar|respons$|open"
    r"|comment|free ?text|feedback$|message$|viesti$|muuta"
)
_NOT_TEXT = r"nimi|osoite|sähköposti|namn|adress|e-?post|name|address|e-?mail|puh|phone|telefon"
_MEASUREMENTS = {
    "date": r"pvm|päivä(?:määrä)?|viikko|vko|datum|vecka|date|week|day|kausi|period",
    "unit": _FEEDBACK["unit"],
    "metric": r"mittari(?:n? ?koodi)?|tunnusluku|mått|mätare|metric|measure|indicator|indikaattori",
    "n": r"n|lkm yht(?:eensä)?|määrä|vastauksia|tapauksia|kaikki|antal|n total|total|exposure|suoritteet|käynnit",
    "mean": r"keskiarvo|ka|medel(?:värde|tal)?|mean|average|avg",
    "sd": r"(?:keski)?hajonta|sd|std|standardavvikelse|s\.d\.",
    "count": r"lkm|kpl|osumat|onnistuneet|toteutuneet|count|successes|events|lyckade|händelser",
    "value": r"arvo|tulos|luku|value|värde",
    "group": r"ryhmä|väestöryhmä|grupp|group|population|segmentti",
}


def guess_mapping(
    shape: FileShape, kind: Kind, *, form: ReadyMade | None = None, unit: str | None = None
) -> FeedbackMapping | MeasurementMapping:
    """Propose which column is what, from headers in Finnish, Swedish or English and the samples below them.

    Args:
        shape: The file.
        kind: What it holds.
        form: A ready-made profile; None for the one that the file is recognised by.
        unit: Code of the unit that every row is about, where the file names none.

    Raises:
        RefusedFile: No column looks like a date or a unit, or none holds a value.
    """
    draft = draft_mapping(shape, kind, form=form)
    if unit:
        draft["unit"] = {"constant": unit}
    needed = ("date", "unit") if kind == "feedback" or "wide" in draft else ("date", "unit", "metric")
    for field in needed:
        if field not in draft:
            raise RefusedFile(
                N_("No column of {file} looks like the {what}; its columns are {columns}. Map them by hand."),
                file=shape.path.name,
                what=field,
                columns=", ".join(shape.names),
            )
    if kind == "feedback" and not {"scores", "text", "tally"} & set(draft):
        raise RefusedFile(
            N_("No column of {file} looks like a score or a text; map them by hand."), file=shape.path.name
        )
    if kind == "measurements" and not {"mean", "count", "value", "wide"} & set(draft):
        raise RefusedFile(N_("No column of {file} looks like a value; map them by hand."), file=shape.path.name)
    return mapping_from(draft)


def draft_mapping(shape: FileShape, kind: Kind, *, form: ReadyMade | None = None) -> Draft:
    """As much of a mapping, as JSON, as headers and samples say: for a person to complete.

    Args:
        shape: The file.
        kind: What it holds.
        form: A ready-made profile of answers; None for the one that the file is recognised by.

    Raises:
        RefusedFile: The file is not of the form given.
    """
    if kind == "measurements":
        return _measurements(shape)
    if form is not None and not form.recognises(shape):
        raise RefusedFile(
            N_("{file} is not of the form {profile}; its columns are {columns}."),
            file=shape.path.name,
            profile=form.name,
            columns=", ".join(shape.names),
        )
    return (form or recognised(shape)).draft(shape, _feedback(shape))


def scores_of(shape: FileShape) -> list[ScoreColumn]:
    """Columns that are known to be scores, each item once."""
    found = [score for column in shape.columns if (score := _score(column))]
    return list({score.item: score for score in reversed(found)}.values())[::-1]


def _feedback(shape: FileShape) -> Draft:
    scores = scores_of(shape)
    rest = [column for column in shape.columns if column.name not in {score.column for score in scores}]
    fields = _by_header(_FEEDBACK, rest)
    named = set(fields.values())
    text = [
        column.name
        for column in rest
        if column.name not in named and (re.search(_TEXT, column.name.strip().casefold()) or _reads_like_text(column))
    ]
    draft: Draft = {"kind": "feedback", "channel": {"constant": _channel(shape)}}
    draft |= {field: {"column": column} for field, column in fields.items()}
    if scores:
        draft["scores"] = [score.model_dump(mode="json", exclude_defaults=True) for score in scores]
    if text:
        draft["text"] = [{"column": name} for name in text]
    return draft


def _measurements(shape: FileShape) -> Draft:
    fields = _by_header(_MEASUREMENTS, list(shape.columns))
    if "mean" in fields or "count" in fields:
        fields.pop("value", None)
    return {"kind": "measurements"} | {field: {"column": column} for field, column in fields.items()}


def _by_header(patterns: Mapping[str, str], columns: list[ColumnShape]) -> dict[str, str]:
    """The first column for each field whose whole header matches; an OID column wins over a unit's name."""
    fields: dict[str, str] = {}
    for column in columns:
        header = re.sub(r"\s+", " ", column.name.strip().casefold().rstrip(":?*."))
        for field, pattern in patterns.items():
            if re.fullmatch(pattern, header) and (field not in fields or (field == "unit" and "oid" in header)):
                fields[field] = column.name
                break
    return fields


def _score(column: ColumnShape) -> ScoreColumn | None:
    """A score column when the header is a national statement, or the answers are faces."""
    header = column.name.casefold()
    choices = {(item, at): text for item, texts in thl.STATEMENTS.items() for at, text in enumerate(texts)}
    if found := process.extractOne(header, choices, processor=_letters, scorer=fuzz.ratio, score_cutoff=_LIKENESS):
        return thl.statement(column.name, found[2][0])
    if code := re.fullmatch(r"(thl ?[1-7])", header.strip()):
        return thl.statement(column.name, code[1].replace(" ", ""))
    if re.search(r"suosittel|rekommender|recommend|\bnps\b", header):
        return thl.recommendation(column.name)
    faces = {label.casefold() for label in FACES}
    if column.samples and all(sample.casefold() in faces for sample in column.samples):
        return ScoreColumn(column=column.name, item="happy", low=1, high=4, labels=FACES)
    return None


def _letters(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.casefold()).strip()


def _reads_like_text(column: ColumnShape) -> bool:
    if re.search(_NOT_TEXT, column.name.casefold()) or all(sample in thl.LABELS for sample in column.samples):
        return False
    return any(len(sample.split()) >= 4 for sample in column.samples)


def _channel(shape: FileShape) -> str:
    """The channel a file without such a column most likely comes from."""
    headers = " ".join(shape.names).casefold()
    signs: list[tuple[str, Callable[[], bool]]] = [
        ("text_message", lambda: bool(re.search(r"puhelin|tekstiviesti|phone|sms|msisdn|telefon", headers))),
        ("kiosk", lambda: any(_is_face(column) for column in shape.columns)),
    ]
    return next((channel for channel, holds in signs if holds()), "web")


def _is_face(column: ColumnShape) -> bool:
    score = _score(column)
    return score is not None and score.item == "happy"
