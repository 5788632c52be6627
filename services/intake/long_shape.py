"""Files with one row per question, turned into one row per answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.i18n import N_
from services.intake.mapping import FeedbackMapping
from services.intake.refused import Reject, presentable
from services.intake.shape import Chunk

_ANSWERED_TWICE = N_("The answer has another reply to this question in row {row}.")


def answers_from_long(chunks: Iterable[Chunk], mapping: FeedbackMapping) -> Iterator[Chunk]:
    """Gather the rows of each answer; an answer's number is that of its first row.

    Questions the mapping does not name are dropped. A row without an id is an answer of its own, to be rejected; so is
    an answer with two different replies to one question.

    Args:
        chunks: Rows of the file.
        mapping: A mapping with a long shape.
    """
    long, key = mapping.long, mapping.external_id.column if mapping.external_id else None
    if long is None or key is None:
        raise ValueError("the mapping has no long shape")
    questions = {score.column for score in mapping.scores} | set(long.text_questions)
    answers: dict[str, dict[str, str]] = {}
    numbers: dict[str, int] = {}
    broken: dict[str, Reject] = {}
    fixed: list[str] = []
    for chunk in chunks:
        broken |= {f"\0{reject.row}": reject for reject in chunk.broken}
        fixed = [name for name in chunk.columns if name not in (long.question, long.answer)]
        for index, number in enumerate(chunk.numbers):
            name = chunk.columns[key][index].strip()
            if not name:
                broken[f"\0{number}"] = Reject(number, key, "", N_("The cell is blank, but every row needs it."))
                continue
            answer = answers.setdefault(name, {column: chunk.columns[column][index] for column in fixed})
            numbers.setdefault(name, number)
            question = chunk.columns[long.question][index].strip()
            reply = chunk.columns[long.answer][index]
            if question in questions and answer.setdefault(question, reply) != reply:
                broken[name] = Reject(numbers[name], question, presentable(reply), _ANSWERED_TWICE, {"row": number})
    kept = [name for name in answers if name not in broken]
    yield Chunk(
        [numbers[name] for name in kept],
        {column: [answers[name].get(column, "") for name in kept] for column in (*fixed, *sorted(questions))},
        list(broken.values()),
    )
