"""Plain language: what in a text is hard to read, with what to say instead. Hints, never a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_SENTENCE = {"fi": 15, "sv": 20, "en": 20}
"""Words in a sentence that most people still read without effort; Finnish packs more into a word."""
SHOWN_WORDS = 6
"""How many words of a long sentence are repeated to find it by."""
INSTEAD: dict[str, tuple[tuple[str, str], ...]] = {
    "fi": (
        (r"pilot\w*", "kokeilu"),
        (r"interventio\w*", "muutos"),
        (r"implemento\w*", "ottaa käyttöön"),
        (r"jalkaut\w*", "ottaa käyttöön"),
        (r"optimoi\w*", "parantaa"),
        (r"resurs\w*", "työntekijät, aika, raha"),
        (r"prosess\w*", "työn kulku"),
        (r"toimenpi(?:de|te)\w*", "mitä teimme"),
        (r"luottamusväl\w*", "voi olla 5–19"),
        (r"tilastolli\w*", "selvä"),
        (r"indikaattor\w*", "luku"),
        (r"asiakaslähtöi\w*", "asiakkaan toiveesta"),
        (r"toimintamall\w*", "tapa toimia"),
        (r"palveluket\w*", "palvelut peräkkäin"),
        (r"monikanavai\w*", "puhelimella, verkossa ja paikan päällä"),
        (r"NPS\w*", "suosittelu"),
    ),
    "sv": (
        (r"pilot\w*", "försök"),
        (r"intervention\w*", "ändring"),
        (r"implementer\w*", "ta i bruk"),
        (r"optimer\w*", "förbättra"),
        (r"resurs\w*", "personal, tid, pengar"),
        (r"process\w*", "hur arbetet går"),
        (r"åtgärd\w*", "vad vi gjorde"),
        (r"konfidensintervall\w*", "kan vara 5–19"),
        (r"statistisk\w*", "tydlig"),
        (r"indikator\w*", "siffra"),
        (r"verksamhetsmodell\w*", "sätt att arbeta"),
        (r"NPS\w*", "rekommendation"),
    ),
    "en": (
        (r"pilots?", "trial"),
        (r"interventions?", "change"),
        (r"implement\w*", "start to use"),
        (r"optimi[sz]\w*", "improve"),
        (r"resources?", "staff, time, money"),
        (r"utili[sz]\w*", "use"),
        (r"confidence intervals?", "it can be 5 to 19"),
        (r"statistical\w*", "clear"),
        (r"stakeholders?", "the people concerned"),
        (r"NPS", "recommendation"),
    ),
}
"""Words of the office by language, and what a customer would say."""
SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, kw_only=True)
class LongSentence:
    """A sentence that is long.

    Attributes:
        beginning: Its first words.
        words: How many it has.
        most: How many it should have at most.
    """

    beginning: str
    words: int
    most: int


@dataclass(frozen=True, kw_only=True)
class OfficeWord:
    """A word that customers do not use.

    Attributes:
        word: As it stands in the text.
        instead: What to say.
    """

    word: str
    instead: str


Hint = LongSentence | OfficeWord


def hints(text: str, language: str) -> Sequence[Hint]:
    """What could be said more plainly in a text, long sentences first; a word once.

    Args:
        text: As somebody wrote it.
        language: fi, sv or en.

    Example:
        >>> [hint.instead for hint in hints("Pilotti auttoi.", "fi")]
        ['kokeilu']
    """
    most = LONGEST_SENTENCE[language]
    found: list[Hint] = []
    for sentence in SENTENCES.split(text):
        words = sentence.split()
        if len(words) > most:
            found.append(LongSentence(beginning=" ".join(words[:SHOWN_WORDS]), words=len(words), most=most))
    for pattern, instead in INSTEAD[language]:
        match = re.search(rf"\b{pattern}\b", text, re.IGNORECASE)
        if match:
            found.append(OfficeWord(word=match[0], instead=instead))
    return found
