"""What may stand beside each other: groups of a total, places within places, a mean that is told again and again."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from services import exports_schema, small_numbers, staff_views
from services.small_numbers import LEAST_CUSTOMERS, LEAST_STAFF, apart, few, shown, shown_in_tree, told_together

SIZES = st.lists(st.sampled_from([0, 1, 2, 4, 7, 9, 10, 12, 15, 33, 80]), min_size=1, max_size=7)


def test_there_is_one_place_that_says_what_small_is() -> None:
    assert (LEAST_CUSTOMERS, LEAST_STAFF) == (10, 5)
    assert exports_schema.shown is small_numbers.shown
    assert exports_schema.LEAST_CUSTOMERS is small_numbers.LEAST_CUSTOMERS
    assert staff_views.LEAST_STAFF is small_numbers.LEAST_STAFF


@given(sizes=SIZES)
def test_a_hidden_group_beside_its_total_may_be_of_any_small_size(sizes: list[int]) -> None:
    groups = {str(place): float(size) for place, size in enumerate(sizes)}
    kept = shown(groups, total=sum(sizes), least=LEAST_CUSTOMERS)
    hidden = [size for name, size in groups.items() if name not in kept and size]
    assert all(groups[name] >= LEAST_CUSTOMERS for name in kept)
    left = sum(hidden)
    for size in hidden:
        if size < LEAST_CUSTOMERS and kept:
            most = left - (len(hidden) - 1)
            assert most >= LEAST_CUSTOMERS - 1
            assert len(hidden) > 1


@given(sizes=SIZES)
def test_without_a_total_only_the_small_groups_are_hidden(sizes: list[int]) -> None:
    groups = {str(place): float(size) for place, size in enumerate(sizes)}
    kept = shown(groups, total=None, least=LEAST_CUSTOMERS)
    assert kept == {name for name, size in groups.items() if size >= LEAST_CUSTOMERS}


def test_hidden_groups_of_one_person_each_are_not_counted_out() -> None:
    """Eleven groups of one person beside a total: eleven people are left, so that each would be known to be one."""
    groups = {str(place): 1.0 for place in range(11)} | {"large": 40.0, "middle": 12.0}
    assert shown(groups, total=63, least=10) == {"large"}


@settings(max_examples=60, deadline=None)
@given(
    own=st.lists(st.sampled_from([0, 0, 1, 3, 6, 9, 11, 14, 30, 75]), min_size=2, max_size=9),
    data=st.data(),
)
def test_no_place_can_be_worked_out_from_those_it_lies_in_and_beside(own: list[int], data: st.DataObject) -> None:
    """Whoever looks at every node of the tree knows no small place more closely than 1 to 9."""
    above: dict[int, int | None] = {0: None}
    for node in range(1, len(own)):
        above[node] = data.draw(st.integers(0, node - 1))
    kept = shown_in_tree({node: float(size) for node, size in enumerate(own)}, above)
    inside: dict[int, set[int]] = defaultdict(set)
    for node in above:
        place: int | None = node
        while place is not None:
            inside[place].add(node)
            place = above[place]
    whole = {node: sum(own[part] for part in parts) for node, parts in inside.items()}
    told = [node for node in kept if whole[node]]
    lines = np.array([[float(part in inside[node]) for part in range(len(own))] for node in told])
    known = {"A_eq": lines, "b_eq": [whole[node] for node in told]} if told else {}
    bounds = [(0.0, 0.0) if not whole[node] else (0.0, None) for node in range(len(own))]
    for node, size in whole.items():
        if few(size):
            assert node not in kept
            wanted = np.array([-float(part in inside[node]) for part in range(len(own))])
            best = linprog(wanted, bounds=bounds, **known)
            assert best.status == 3 or -best.fun >= LEAST_CUSTOMERS - 1 - 1e-6
            best = linprog(-wanted, bounds=bounds, **known)
            assert best.fun <= 1 + 1e-6


def test_a_sibling_is_hidden_with_a_small_place() -> None:
    above = {"county": None, "a": "county", "b": "county", "c": "county", "a1": "a", "a2": "a"}
    sizes = {"a1": 40.0, "a2": 20.0, "b": 3.0, "c": 25.0}
    assert shown_in_tree(sizes, above) == {"county", "a", "a1", "a2"}
    assert "c" in shown_in_tree({**sizes, "b": 0.0}, above)


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(0, 5, False), (12, 30, True), (12, 15, False), (4, 30, False), (12, 12, True)]
)
def test_a_part_is_told_when_the_rest_is_no_small_group(part: int, whole: int, told: bool) -> None:
    assert apart(part, whole) is told


WEEKS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=8), max_size=10)


@given(weeks=WEEKS)
def test_successive_means_differ_by_the_answers_of_enough_people(weeks: list[list[str]]) -> None:
    batches = list(enumerate(weeks))
    before: set[object] = set()
    for seen in range(len(weeks) + 1):
        told = set(told_together(batches[:seen], least=LEAST_STAFF))
        assert before <= told
        people = {who for week in told - before for who in weeks[int(str(week))]}
        assert not (told - before) or len(people) >= LEAST_STAFF
        before = told


@given(weeks=WEEKS)
def test_the_mean_without_the_weeks_told_by_themselves_is_of_enough_people(weeks: list[list[str]]) -> None:
    told = told_together(list(enumerate(weeks)), least=LEAST_STAFF)
    together = [weeks[int(str(week))] for week in told]
    small = [week for week in together if len(set(week)) < LEAST_STAFF]
    assert not small or len({who for week in small for who in week}) >= LEAST_STAFF


def test_the_sixth_answer_waits_for_others() -> None:
    assert told_together([(1, "abcde")], least=5) == [1]
    assert told_together([(1, "abcde"), (2, "f")], least=5) == [1]
    assert told_together([(1, "abcde"), (2, "f"), (3, "ghij")], least=5) == [1, 2, 3]
