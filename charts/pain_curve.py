"""The pain curve of a service path: how each stage felt, walk by walk and in the middle, with the time it took."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from charts.look import Look
from charts.theme import SMALLEST_TEXT, TEXT_SIZE, Translate, dressed, named, rows, word
from stats.messages import N_, Message

HEIGHT = 250
HOUR, DAY = 60.0, 24 * 60.0
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")
DASHES: tuple[list[int], ...] = ([1, 0], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2])
MOST_GROUPS = len(SHAPES)


@dataclass(frozen=True, kw_only=True)
class WalkedStage:
    """One stage of a walk.

    Attributes:
        stage: Its place in the path, from 0.
        feeling: 1 very bad ... 5 very good.
        minute: Minutes since the first stage began.
    """

    stage: int
    feeling: int
    minute: float


@dataclass(frozen=True, kw_only=True)
class WalkGroup:
    """Walks that are looked at together: all of a path, those of one alternative, those before or during a pilot.

    Attributes:
        name: In the reader's language.
        walks: Each walk's stages.
    """

    name: str
    walks: tuple[tuple[WalkedStage, ...], ...]

    def middle(self) -> list[tuple[int, float, float, int]]:
        """Each stage somebody walked: its place, median feeling, median minute and number of walks."""
        found = []
        for place in sorted({one.stage for walk in self.walks for one in walk}):
            here = [one for walk in self.walks for one in walk if one.stage == place]
            feeling = statistics.median(one.feeling for one in here)
            found.append((place, float(feeling), statistics.median(one.minute for one in here), len(here)))
        return found


def took(minutes: float, look: Look, t: Translate) -> str:
    """A time as people say it: minutes, hours or days.

    Example:
        >>> [took(minutes, Look(language="en"), str) for minutes in (0, 35, 150, 4320)]
        ['0 min', '35 min', '2.5 h', '3 d']
    """
    if minutes < 2 * HOUR:
        return t("{number} min").format(number=_short(minutes, look))
    if minutes < 2 * DAY:
        return t("{number} h").format(number=_short(minutes / HOUR, look))
    return t("{number} d").format(number=_short(minutes / DAY, look))


def worst(groups: Sequence[WalkGroup]) -> tuple[int, float] | None:
    """The stage that felt worst over all the walks, and its median feeling; of equals the one with the lower mean."""
    order = _order(groups)
    return order[0][1:] if order else None


def _order(groups: Sequence[WalkGroup]) -> list[tuple[float, int, float]]:
    """Every stage somebody walked, the worst first: its mean feeling, its place and its median feeling."""
    everyone = WalkGroup(name="", walks=tuple(walk for group in groups for walk in group.walks))
    found = []
    for place, feeling, _, _ in everyone.middle():
        mean = statistics.fmean(one.feeling for walk in everyone.walks for one in walk if one.stage == place)
        found.append((mean, place, feeling))
    return sorted(found, key=lambda one: (one[2], one[0], one[1]))


def chart(groups: Sequence[WalkGroup], *, stages: Sequence[str], look: Look, t: Translate) -> alt.LayerChart:
    """Each walk as a faint line, each group's median as a strong one; the worst stage named.

    Args:
        groups: At most MOST_GROUPS of them.
        stages: The names of the path's stages.
        look: Who looks.
        t: Translates the chart's words.

    Raises:
        ValueError: More groups than can be told apart.
    """
    if len(groups) > MOST_GROUPS:
        raise ValueError(f"{len(groups)} groups, must be at most {MOST_GROUPS}.")
    colours = look.palette
    names = [group.name for group in groups]
    inks = [colours.sea, colours.accent, colours.quiet, colours.warning, colours.ink]
    labels = "'' + datum.value"
    for place, name in enumerate(stages):
        labels = f"datum.value === {place} ? {_quoted(name)} : {labels}"
    x_scale = alt.Scale(domain=[-0.35, len(stages) - 0.65], nice=False)
    x_axis = alt.Axis(
        title=None, values=list(range(len(stages))), labelExpr=labels, labelAngle=-35, labelLimit=0,
        labelOverlap=False, grid=False, labelFontSize=TEXT_SIZE, labelColor=colours.ink,
    )  # fmt: skip
    feeling = f"datum.value === 1 ? {_quoted('1 ' + t('very bad'))} : datum.value === 5 ? "
    y_axis = alt.Axis(
        values=[1, 2, 3, 4, 5],
        labelExpr=f"{feeling}{_quoted('5 ' + t('very good'))} : datum.value",
        **named(t("How it felt, from 1 to 5")),
    )
    x = alt.X("stage:Q", scale=x_scale, axis=x_axis)
    y = alt.Y("feeling:Q", scale=alt.Scale(domain=[0.5, 5.5], nice=False), axis=y_axis)
    legend = alt.Legend(title=None, orient="bottom", columns=1, symbolOpacity=1) if len(groups) > 1 else None
    colour = alt.Color("group:N", scale=alt.Scale(domain=names, range=inks[: len(names)]), legend=legend)
    shape = alt.Shape("group:N", scale=alt.Scale(domain=names, range=list(SHAPES[: len(names)])), legend=legend)
    dash = alt.StrokeDash("group:N", scale=alt.Scale(domain=names, range=list(DASHES[: len(names)])), legend=None)
    single = rows(
        [
            {"walk": f"{group.name} {number}", "group": group.name, "stage": one.stage, "feeling": one.feeling}
            for group in groups
            for number, walk in enumerate(group.walks)
            for one in walk
        ]
        or [{"stage": None}]
    )
    middle = rows(
        [
            {
                "group": group.name,
                "stage": place,
                "name": stages[place],
                "feeling": median,
                "time": took(minute, look, t),
                "walks": count,
            }
            for group in groups
            for place, median, minute, count in group.middle()
        ]
        or [{"stage": None}]
    )
    tooltip = [
        alt.Tooltip("name:N", title=t("Stage")),
        alt.Tooltip("group:N", title=t("Walks")),
        alt.Tooltip("feeling:Q", title=t("Median feeling"), format=",.1~f"),
        alt.Tooltip("time:N", title=t("From the start")),
        alt.Tooltip("walks:Q", title=t("Number of walks"), format=",d"),
    ]
    medians = alt.Chart(middle)
    layers = [
        alt.Chart(single).mark_line(strokeWidth=1.2, opacity=0.4).encode(x=x, y=y, detail="walk:N", color=colour),
        medians.mark_line(strokeWidth=3).encode(x=x, y=y, color=colour, strokeDash=dash),
        medians.mark_point(filled=True, size=120, opacity=1).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=tooltip
        ),
    ]
    if len(groups) == 1:
        layers += [
            medians.mark_text(fontSize=SMALLEST_TEXT, dy=-16, **halo).encode(x=x, y=y, text="time:N")
            for halo in (
                {"color": colours.ground, "stroke": colours.ground, "strokeWidth": 4, "strokeOpacity": 0.9},
                {"color": colours.ink},
            )
        ]
    lowest = worst(groups)
    if lowest is not None:
        place, _ = lowest
        right = place > (len(stages) - 1) / 2
        layers += word(
            t("worst: {stage}").format(stage=stages[place]),
            look=look,
            colour=colours.warning,
            x=x,
            y=HEIGHT - 10,
            at={"stage": place},
            align="right" if right else "left",
            dx=14 if right else -14,
            bold=True,
        )
    return dressed(layers, look, height=HEIGHT)


def describe(groups: Sequence[WalkGroup], *, stages: Sequence[str]) -> Message:
    """The picture in one sentence: how many walks, and the stage that felt worst and best."""
    walks = sum(len(group.walks) for group in groups)
    order = _order(groups)
    if not order:
        return Message(N_("Nobody has walked this path yet."))
    (_, worst_place, low), (_, best_place, high) = order[0], order[-1]
    if low == high:
        return Message(
            N_("Walks: {walks}. Every stage felt alike, {feeling} of 5."),
            {"walks": walks, "feeling": _number(low)},
        )
    return Message(
        N_("Walks: {walks}. The worst stage is {worst}, {low} of 5; the best is {best}, {high} of 5."),
        {
            "walks": walks,
            "worst": stages[worst_place],
            "low": _number(low),
            "best": stages[best_place],
            "high": _number(high),
        },
    )


def table(groups: Sequence[WalkGroup], *, stages: Sequence[str], look: Look, t: Translate) -> list[dict[str, object]]:
    """The picture's medians, a row a stage and group."""
    return [
        {
            t("Stage"): stages[place],
            **({t("Walks"): group.name} if len(groups) > 1 else {}),
            t("Median feeling"): _short(feeling, look),
            t("From the start"): took(minute, look, t),
            t("Number of walks"): count,
        }
        for group in groups
        for place, feeling, minute, count in group.middle()
    ]


def _number(value: float) -> float | int:
    """A whole number without decimals."""
    return int(value) if value.is_integer() else value


def _short(value: float, look: Look) -> str:
    """At most one decimal, without a needless nought."""
    rounded = round(value, 1 if value < 10 and not math.isclose(value, round(value), abs_tol=0.05) else 0)
    told = f"{rounded:g}"
    return told if look.language == "en" else told.replace(".", ",")


def _quoted(text: str) -> str:
    """A text as a literal of Vega's expressions."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
