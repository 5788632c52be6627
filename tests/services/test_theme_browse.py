"""The numbers of themes: by a count of one's own, families once, intervals that agree with their words."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from models.feedback import Feedback
from models.theme_answers import ThemeAnswer
from models.themes import AssignedBy, Theme, ThemeAssignment
from services.rows import key
from services.theme_browse import Scope, quotes, summaries, summary, weekly
from services.theme_facts import refresh
from services.theme_scope import answers_in
from services.theme_trend import Trend, share_change, trend, volume_change
from tests.databases import DEMO_TODAY
from tests.services.conftest import TODAY, World

SCOPE = Scope(first=TODAY - dt.timedelta(days=27), last=TODAY)


def about(world: World, answer: Feedback, *themes: Theme) -> None:
    for theme in themes:
        row = ThemeAssignment(feedback_id=key(answer.id), theme_id=key(theme.id), assigned_by=AssignedBy.RESPONDENT)
        world.session.add(row)
    world.session.flush()
    refresh(world.session, [key(answer.id)])
    world.session.commit()


@pytest.fixture
def family(world: World) -> tuple[World, Theme, Theme]:
    """Two themes under the phone theme; one answer is about both of them, one about the phone theme itself."""
    children = [Theme(code=code, name={"fi": code}, parent_id=world.phone.id) for code in ("T02", "T03")]
    world.session.add_all(children)
    world.session.commit()
    first, second = children
    about(world, world.answer(world.ward, TODAY, score=2, text="jono", respondent="a"), first, second)
    about(world, world.answer(world.ward, TODAY, score=9, respondent="b"), second)
    about(world, world.answer(world.station, TODAY, score=3, text="linja", respondent="a"), world.phone)
    about(world, world.answer(world.ward, SCOPE.first - dt.timedelta(days=1), score=1, respondent="c"), first, second)
    return world, first, second


def test_the_numbers_of_the_demo_county_by_plain_sql(demo_session: Session) -> None:
    scope = Scope(first=DEMO_TODAY - dt.timedelta(days=84), last=DEMO_TODAY - dt.timedelta(days=1))
    days = {"first": scope.first, "last": scope.last}
    counted = sa.text(
        "SELECT t.code, count(*), count(DISTINCT a.person), count(DISTINCT a.channel), count(DISTINCT a.week), "
        "count(*) FILTER (WHERE a.tone <> ''), count(*) FILTER (WHERE a.tone = 'neg') "
        "FROM theme_answer a JOIN theme t ON t.id = a.theme_id "
        "WHERE a.given_on BETWEEN :first AND :last GROUP BY t.code"
    ).bindparams(*(sa.bindparam(name, type_=sa.Date) for name in days))
    expected = {tuple(row) for row in demo_session.execute(counted, days)}
    rows = summaries(demo_session, scope)
    found = {
        (row.theme.code, row.answers, row.people, row.channels, row.weeks, row.judged, row.negative)
        for row in rows
        if row.answers
    }
    assert found == expected
    assert all(sum(row.by_week) == row.answers for row in rows)
    before = {row.theme.code: row.answers for row in summaries(demo_session, scope.before())}
    assert {row.theme.code: row.before for row in rows} == before
    one = summary(demo_session, scope, rows[0].theme)
    assert one == rows[0]
    total = (
        sa.select(sa.func.count())
        .select_from(Feedback)
        .where(col(Feedback.given_on).between(*(scope.first, scope.last)))
    )
    assert answers_in(demo_session, scope) <= demo_session.execute(total).scalar_one()


def test_a_theme_counts_those_below_it_once(family: tuple[World, Theme, Theme]) -> None:
    world, first, second = family
    found = {row.theme.code: row for row in summaries(world.session, SCOPE)}
    parent = found["T01"]
    assert (parent.answers, parent.people, parent.judged, parent.negative, parent.before) == (3, 2, 3, 2, 1)
    assert (found["T02"].answers, found["T03"].answers) == (1, 2)
    assert summary(world.session, SCOPE, world.phone) == parent
    assert sum(week.answers for week in weekly(world.session, SCOPE, key(world.phone.id))) == 3
    assert quotes(world.session, SCOPE, theme_id=key(world.phone.id))[1] == 2
    assert quotes(world.session, SCOPE, theme_id=key(world.phone.id), words="LINJA")[1] == 1
    assert quotes(world.session, SCOPE, theme_id=key(second.id))[1] == 1
    assert quotes(world.session, SCOPE, theme_id=key(first.id), tones=["pos"])[1] == 0


def test_pages_of_comments_do_not_overlap(world: World) -> None:
    for day in range(7):
        answer = world.answer(world.ward, TODAY - dt.timedelta(days=day % 3), text=f"sana {day}", score=day)
        about(world, answer, world.phone)
    seen: list[int] = []
    for skip in (0, 3, 6):
        found, total = quotes(world.session, SCOPE, theme_id=key(world.phone.id), limit=3, skip=skip)
        assert total == 7
        seen += [key(quote.feedback.id) for quote in found]
    assert len(set(seen)) == 7
    unhappy, total = quotes(world.session, SCOPE, theme_id=key(world.phone.id), tones=["neg"])
    assert total == len(unhappy) == 7


@pytest.mark.parametrize(("now", "before"), [(31, 12), (12, 31), (9, 4), (3, 0), (4, 0), (0, 5), (20, 21)])
def test_a_change_has_words_exactly_when_its_interval_leaves_one(now: int, before: int) -> None:
    found = volume_change(now, before)
    assert found is not None
    outside = not found.interval.low <= 1 <= found.interval.high
    assert outside == (trend(now, before) is not Trend.LEVEL)


def test_nothing_to_compare_has_no_change() -> None:
    assert volume_change(0, 0) is None
    assert share_change(1, 2, 0, 0) is None
    # Newcombe (1998), Statistics in Medicine 17:873, method 10: 56/70 - 48/80 gives 0.0524 to 0.3339.
    found = share_change(56, 70, 48, 80)
    assert found is not None
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (0.0524, 0.3339)


def test_repeats_are_in_no_number(world: World) -> None:
    first = world.answer(world.ward, TODAY, text="jono", score=2)
    world.answer(world.ward, TODAY, text="jono", score=2, repeats_id=first.id)
    about(world, first, world.phone)
    assert answers_in(world.session, SCOPE) == 1
    assert world.session.execute(sa.select(sa.func.count()).select_from(ThemeAnswer)).scalar_one() == 1
