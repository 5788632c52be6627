"""Import on a page: guess, preview, confirm, result, undo; bad files store nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import func, select
from streamlit.testing.v1 import AppTest

from models.feedback import Feedback
from models.imports import ImportBatch, ImportKind, ImportProfile
from models.metrics import Measurement
from pages.plain import plain
from tests.pages.pilot_pages import REFUSED, errors, keyed, opened_page, record, widget, words

DATA = Path(__file__).parents[1] / "data"
HEADER = "pvm;yksikkö;kanava;nps;kommentti\n"
MIXED = HEADER + (
    "1.11.2026;SAI3;web;9;Hyvin meni\n"
    "2.11.2026;XXX;web;5;Jonotin\n"
    "3.11.2026;SAI3;web;12;Soita 040 123 4567 Maija Virtanen\n"
    "5.5.2027;SAI3;web;1;Tulevaisuudesta\n"
)


def stored() -> tuple[int, int, int]:
    """Rows of answers, measurements and imports."""
    with record() as session:
        return tuple(
            session.exec(select(func.count()).select_from(t)).one() for t in (Feedback, Measurement, ImportBatch)
        )


def given(page: AppTest, name: str, content: bytes) -> AppTest:
    page.get("file_uploader")[0].set_value((name, content, "text/csv"))
    page.run()
    assert not page.exception, page.exception
    return page


def test_a_kiosk_file_is_guessed_previewed_and_taken_then_undone(demo_installation: str) -> None:
    before = stored()
    page = given(opened_page("import_data", "u10"), "kiosk.csv", (DATA / "kiosk.csv").read_bytes())
    assert "180 rivistä 180 voidaan ottaa, 0 ei." in words(page)
    assert stored() == before, "looking stores nothing"
    widget(page, "button", "import_go").click().run()
    assert not page.exception
    assert "Tiedostossa 180 riviä: otettu 180" in page.success[0].value
    assert stored()[0] == before[0] + 180
    keyed(page, "button", "undo_go_").click().run()
    assert stored()[0] == before[0]
    assert "kumottu" in words(page)


def test_rejects_are_shown_with_their_reasons_and_kept(demo_installation: str, tmp_path: Path) -> None:
    page = given(opened_page("import_data", "u1"), "palaute.csv", MIXED.encode())
    said = words(page)
    assert "4 rivistä 1 voidaan ottaa, 3 ei." in said
    for sentence in ("XXX ei ole minkään yksikön", "12 ei ole asteikolla 0–10", "on tulevaisuudessa"):
        assert sentence in said
    widget(page, "button", "import_go").click().run()
    assert "otettu 1, ennestään tuttuja 0, hylätty 3" in page.success[0].value
    written = next(tmp_path.glob("rejects/*.csv")).read_text(encoding="utf-8-sig")
    assert written.count("\n") == 4


def test_a_team_lead_cannot_import_into_another_unit(demo_installation: str) -> None:
    before = stored()
    page = given(opened_page("import_data", "u1"), "p.csv", (HEADER + "1.11.2026;AVO4;web;9;Hyvin\n").encode())
    assert "1 rivistä 0 voidaan ottaa, 1 ei." in words(page)
    widget(page, "button", "import_go").click().run()
    assert len(errors(page)) == 1
    assert stored() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tyhja.csv", b""),
        ("kuva.csv", bytes(range(256)) * 40),
        ("vain_otsikko.csv", HEADER.encode()),
        ("taulukko.xlsx", b"PK\x03\x04 not a workbook"),
    ],
    ids=["empty", "binary", "header only", "broken workbook"],
)
def test_a_bad_file_is_one_clear_sentence(demo_installation: str, name: str, content: bytes) -> None:
    before = stored()
    page = given(opened_page("import_data", "u10"), name, content)
    if any(button.key == "import_go" for button in page.button):
        widget(page, "button", "import_go").click().run()
    assert not page.exception
    assert len(errors(page)) == 1
    assert stored() == before


def test_the_same_file_twice_is_refused(demo_installation: str) -> None:
    content = (DATA / "kiosk.csv").read_bytes()
    page = given(opened_page("import_data", "u10"), "kiosk.csv", content)
    widget(page, "button", "import_go").click().run()
    again = given(opened_page("import_data", "u10"), "kiosk.csv", content)
    after = stored()
    widget(again, "button", "import_go").click().run()
    assert len(errors(again)) == 1
    assert plain("kiosk.csv") in errors(again)[0]
    assert stored() == after


def test_measurements_are_taken(demo_installation: str) -> None:
    before = stored()
    page = opened_page("import_data", "u10")
    widget(page, "segmented_control", "import_kind").set_value(ImportKind.MEASUREMENTS)
    given(page, "weekly.csv", (DATA / "weekly_measurements.csv").read_bytes())
    widget(page, "button", "import_go").click().run()
    assert not errors(page)
    assert stored()[1] > before[1]


def test_choices_are_kept_under_a_name_and_used_again(demo_installation: str) -> None:
    odd = "milloin;missä;mitä\n1.11.2026;SAI3;Sain avun heti ja kotiin asti.\n".encode()
    page = given(opened_page("import_data", "u10"), "outo.csv", odd)
    assert errors(page) == ["Valitse sarake tälle: Vastauspäivä."]
    keyed(page, "selectbox", "map_").set_value("column:milloin")
    for field, choice in (("_unit", "column:missä"), ("_channel", "constant:web")):
        next(box for box in page.selectbox if str(box.key).endswith(field)).set_value(choice)
    next(box for box in page.multiselect if str(box.key).endswith("_text")).set_value(["mitä"])
    page.run()
    assert "1 rivistä 1 voidaan ottaa" in words(page)
    keyed(page, "text_input", "import_keep_name").set_value("Outo vienti")
    widget(page, "button", "import_keep_go").click().run()
    with record() as session:
        kept = session.exec(select(ImportProfile)).one()
    assert kept.name == "Outo vienti"
    assert kept.mapping["channel"] == {"constant": "web"}
    again = given(opened_page("import_data", "u10"), "outo2.csv", odd.replace(b"1.11", b"2.11"))
    widget(again, "selectbox", "import_profile_feedback").set_value("Outo vienti").run()
    assert "1 rivistä 1 voidaan ottaa" in words(again)
    widget(again, "button", "import_go").click().run()
    assert "otettu 1" in again.success[0].value


@pytest.mark.parametrize("who", ["u4", "u7", "u9"])
def test_those_who_may_not_import_are_refused(demo_installation: str, who: str) -> None:
    page = opened_page("import_data", who)
    assert errors(page) == [REFUSED]
    assert not page.get("file_uploader")


def test_columns_that_would_be_lost_are_named_before_the_import(demo_installation: str) -> None:
    """“Arvosana” says nothing of its scale, so nobody guesses it: the page must not drop it in silence."""
    rows = "Päivä;Yksikkö;Arvosana;Palaute\n1.11.2026;SAI3;9;Kiitos Matti Virtanen hyvästä hoidosta\n"
    page = given(opened_page("import_data", "u1"), "kysely.csv", rows.encode())
    assert "ei tallenneta: Arvosana." in words(page)
    assert "[nimi]" in words(page)
    whole = given(opened_page("import_data", "u1"), "palaute.csv", MIXED.encode())
    assert "Tiedoston sarakkeet, joita ei tallenneta" not in words(whole)
