"""The national client feedback of health and social services: its statements, answers and scale.

References:
    Finnish Institute for Health and Welfare (THL), national indicators of client feedback: seven statements answered
    from 5, "fully agree", to 1, "fully disagree"; 0, "does not concern me", is a missing answer. Recommending is
    asked from 0 to 10, where 0 is an answer like any other.
"""

from __future__ import annotations

from services.intake.mapping import ScoreColumn

STATEMENTS: dict[str, tuple[str, ...]] = {
    "thl1": ("Sain apua, kun sitä tarvitsin", "Jag fick hjälp när jag behövde det", "I received help when I needed it"),
    "thl2": (
        "Minulle jäi tunne, että minusta välitettiin kokonaisvaltaisesti",
        "Jag fick en känsla av att man brydde sig om mig på ett övergripande sätt",
        "I felt that I was cared for as a whole person",
    ),
    "thl3": (
        "Hoitoani / asiaani koskevat päätökset tehtiin yhteistyössä kanssani",
        "Beslut som gäller min vård / mitt ärende fattades i samråd med mig",
        "Decisions about my care or matter were made together with me",
    ),
    "thl4": (
        "Koin oloni turvalliseksi hoidon / palvelun aikana",
        "Jag kände mig trygg under vården / servicen",
        "I felt safe during the care or service",
    ),
    "thl5": (
        "Tiedän miten hoitoni / palveluni jatkuu",
        "Jag vet hur min vård / service fortsätter",
        "I know how my care or service will continue",
    ),
    "thl6": (
        "Saamani tieto hoidosta / palvelusta oli ymmärrettävää",
        "Informationen jag fick om vården / servicen var begriplig",
        "The information I received about the care or service was understandable",
    ),
    "thl7": (
        "Koin saamani hoidon / palvelun hyödylliseksi",
        "Jag upplevde att vården / servicen var till nytta för mig",
        "I found the care or service useful",
    ),
}
RECOMMEND = (
    "Kuinka todennäköisesti suosittelisit saamaasi palvelua läheisellesi",
    "Hur sannolikt är det att du skulle rekommendera servicen till en närstående",
    "How likely would you be to recommend the service to someone close to you",
)
LABELS = {
    "Täysin samaa mieltä": 5.0,
    "Jokseenkin samaa mieltä": 4.0,
    "Osittain samaa mieltä": 4.0,
    "Ei samaa eikä eri mieltä": 3.0,
    "Jokseenkin eri mieltä": 2.0,
    "Osittain eri mieltä": 2.0,
    "Täysin eri mieltä": 1.0,
    "Helt av samma åsikt": 5.0,
    "Delvis av samma åsikt": 4.0,
    "Varken av samma eller annan åsikt": 3.0,
    "Delvis av annan åsikt": 2.0,
    "Helt av annan åsikt": 1.0,
    "Fully agree": 5.0,
    "Somewhat agree": 4.0,
    "Neither agree nor disagree": 3.0,
    "Somewhat disagree": 2.0,
    "Fully disagree": 1.0,
}
DOES_NOT_CONCERN_ME = (
    *(0.0, "Ei koske minua", "Gäller inte mig", "Berör inte mig", "Does not concern me"),
    *("En osaa sanoa", "Jag vet inte", "Vet inte", "Kan inte säga", "I do not know", "Don't know"),
)


def statement(column: str, item: str) -> ScoreColumn:
    """A column with answers to one of the seven statements: 5-1, 0 is missing."""
    return ScoreColumn(column=column, item=item, low=1, high=5, labels=LABELS, missing=DOES_NOT_CONCERN_ME)


def recommendation(column: str) -> ScoreColumn:
    """A column with the 0-10 recommendation: 0 is an answer."""
    return ScoreColumn(column=column, item="recommend", low=0, high=10)
