from __future__ import annotations

import random
import time

import pytest

from themes.duplicates import near_duplicates

BARN = "Määräys tuli, vaikka pihalla on ollut sama lato 40 vuotta. Turhaa kyttäämistä."


def test_other_punctuation_is_the_same_comment() -> None:
    again = "Määräys tuli vaikka pihalla on ollut sama lato 40 vuotta!! Turhaa kyttäämistä!"
    assert near_duplicates([BARN, "Soitan taas siitä ladosta.", again]) == [0, 1, 0]


@pytest.mark.parametrize(
    "again",
    [
        "Määräys tuli, vaikka pihalla on ollut sama lato 45 vuotta. Turhaa kyttäämistä.",
        "Turhaa kyttäämistä. Määräys tuli, vaikka pihalla on ollut sama lato 40 vuotta.",
        "Määräys taas tuli vaikka pihalla on ollut sama lato 40 vuotta, turhaa kyttäämistä",
        "Maaräys tuli, vaika pihalla on ollut sama lato 40 vuotta. Turhaa kyttäämistä",
    ],
)
def test_small_changes(again: str) -> None:
    assert near_duplicates([BARN, again]) == [0, 0]


@pytest.mark.parametrize(
    "other",
    [
        "Pihalla on ollut sama lato 40 vuotta ja tarkastaja oli ystävällinen, kiitos hänelle siitä.",
        "Määräys tuli, mutta ymmärsin miksi ja mihin voin valittaa.",
    ],
)
def test_the_same_subject_is_no_repeat(other: str) -> None:
    assert near_duplicates([BARN, other]) == [0, 1]


def test_short_thanks_of_many_people_are_many_opinions() -> None:
    assert near_duplicates(["Kiitos hyvästä palvelusta"] * 3 + ["", ""]) == [0, 1, 2, 3, 4]


def test_groups_join_through_a_middle_text() -> None:
    texts = [
        "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen",
        "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän",
        "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan",
    ]
    assert near_duplicates(texts) == [0, 0, 0]


def test_similarity_has_bounds() -> None:
    with pytest.raises(ValueError, match="similarity == 101, must be from 0 to 100"):
        near_duplicates([], similarity=101)


def test_the_repeats_put_into_many_texts_are_found_quickly() -> None:
    random_words = random.Random(1)
    vocabulary = [f"sana{int(20_000 * random_words.random() ** 3)}" for _ in range(200_000)]
    texts = [" ".join(random_words.choices(vocabulary, k=random_words.randint(6, 25))) for _ in range(10_000)]
    copies = random_words.sample(range(10_000), 200)
    began = time.process_time()
    groups = near_duplicates([*texts, *(texts[index].upper() + "!" for index in copies)])
    took = time.process_time() - began
    assert groups[10_000:] == copies
    assert took < 10


def test_one_persons_short_comments_can_be_compared_too() -> None:
    assert near_duplicates(["Kiitos oikein paljon", "kiitos OIKEIN paljon!"], fewest_words=3) == [0, 0]


def test_texts_grouped_before_are_compared_with_the_new_ones_only() -> None:
    altered = BARN.replace("40", "45")
    assert near_duplicates([BARN, altered, BARN + "!"], grouped_before=2) == [0, 1, 0]
    assert near_duplicates([BARN, altered, BARN.replace("lato", "aitta")], grouped_before=2)[2] in (0, 1)


@pytest.mark.parametrize("text", ["Kiitos!", "Kiitos koko osaston väelle hyvästä hoidosta.", "a b c d e " * 40])
def test_many_equal_comments_take_no_time(text: str) -> None:
    began = time.process_time()
    groups = near_duplicates([text] * 20_000)
    assert time.process_time() - began < 5
    assert len(set(groups)) in (1, 20_000)


def test_counting_letters_rules_out_no_pair_that_is_alike() -> None:
    """Against a comparison of every pair, without the letters and the rarest words."""
    from rapidfuzz import fuzz

    rng = random.Random(7)
    words = [f"sana{number}" for number in range(60)]
    texts = [" ".join(rng.sample(words, k=rng.randrange(5, 12))) for _ in range(60)]
    texts += [text.replace("sana1", "sanna1", 1) for text in texts] + [text.upper() + "!" for text in texts[:10]]
    plain = [text.casefold().rstrip("!") for text in texts]
    groups = near_duplicates(texts)
    for one in range(len(texts)):
        for other in range(one):
            shared = len(set(plain[one].split()) & set(plain[other].split()))
            largest = max(len(set(plain[one].split())), len(set(plain[other].split())))
            if fuzz.ratio(plain[one], plain[other]) >= 88 and shared >= 0.6 * largest:
                assert groups[one] == groups[other], (texts[one], texts[other])
