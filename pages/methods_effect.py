"""Cards of the effect: what it is, why before and after do not suffice, reviews, intervals, few data."""

from __future__ import annotations

from pages import methods_example, methods_figures
from pages.methods_card import Card
from services.i18n import N_
from stats.checks_data import LEAST_AFTER, LEAST_ANSWERS, LEAST_BEFORE
from stats.messages import Message
from stats.pilot_data import LEAST_WEEKS
from stats.sequential import obrien_fleming_bounds


def cards() -> tuple[Card, ...]:
    """From the question to the estimate."""
    return (_effect(), _before_after(), _comparison(), _reviews(), _interval(), _few_data())


def _effect() -> Card:
    return Card(
        name="effect",
        title=N_("What an effect is"),
        plain=(
            Message(
                "The effect is the difference between what happened in the pilot and what would have happened without "
                "the change. It is told in the metric's own unit: points, percentage points, days or euros."
            ),
            Message(
                "Nobody can see what would have happened. It is worked out from units that went on as before and from "
                "the unit's own past. When that cannot be done, Luotsi says so; it never makes up an effect of 0."
            ),
        ),
        keywords=N_("impact difference counterfactual unit of measurement"),
        formula=r"\delta = y(1) - y(0)",
        detail=(
            Message(
                "y(1) is the pilot unit's value with the change, y(0) what it would have been without. When a metric "
                "should fall, a negative effect is a gain; in the table of reviews the sign is turned so that plus is "
                "always better."
            ),
            Message(
                "Shares are compared on the log-odds scale and rates of events on the log scale, so that a share stays "
                "between 0 and 100 % and a rate above 0. The result is turned back into percentage points or events."
            ),
        ),
        sources=(
            "Rubin (1974), Journal of Educational Psychology 66:688",
            "Breslow & Clayton (1993), Journal of the American Statistical Association 88:9",
        ),
    )


def _before_after() -> Card:
    return Card(
        name="regression-to-the-mean",
        title=N_("Why before and after do not suffice"),
        plain=(
            Message(
                "A pilot is often started when things look bad. But the worst month is bad partly by chance, and the "
                "next one is usually better even if nothing is done. This is called regression to the mean."
            ),
            methods_example.story(),
            Message(
                "Luotsi allows for this. The weeks whose feedback led to the pilot are named in the plan, and the part "
                "of the recovery that was to be expected anyway is not counted as an effect."
            ),
        ),
        keywords=N_("recovery chance trigger weeks before-after comparison"),
        picture=methods_example.draw,
        formula=r"\hat u_j = \frac{\tau^2}{\tau^2 + v_j}\,(\bar y_j - \bar y)",
        detail=(
            Message(
                "With two comparison units or more every unit has a level u of its own, which is drawn towards the "
                "mean of all units: the more, the fewer answers it rests on (v) and the more alike the units are (τ). "
                "What is drawn away from a bad start is the recovery to be expected."
            ),
            Message(
                "With one comparison unit or none, the weeks that led to the pilot are left out of the comparison. "
                "The check of regression to the mean compares the effect with those weeks and without them."
            ),
            Message(
                "A trend that everyone shares, and the season, mislead a comparison of before and after in the same "
                "way. Comparison units take both out."
            ),
        ),
        sources=(
            "Galton (1886), Journal of the Anthropological Institute 15:246",
            "Barnett, van der Pols & Dobson (2005), International Journal of Epidemiology 34:215",
            "Daw & Hatfield (2018), Health Services Research 53:4138",
        ),
    )


def _comparison() -> Card:
    return Card(
        name="comparison-units",
        title=N_("Comparison units and the model"),
        plain=(
            Message(
                "Comparison units go on as before. What happens to all units at once, such as the holidays, a wave of "
                "flu or a new booking system, is no effect of the pilot. What changes in the pilot unit on top of that "
                "is."
            ),
            Message(
                "The model also knows that a week of five answers tells less than a week of fifty, that every unit has "
                "a level of its own, and that a bad week is often followed by another one. If the last were left out, "
                "chance would pass for certainty."
            ),
            Message(
                "With one comparison unit its difference from the pilot unit is followed, and with none the unit's own "
                "past. Both are weaker, and neither can alone speak for scaling up."
            ),
        ),
        keywords=N_("mixed model control group difference in differences autocorrelation AR(1) prior"),
        formula=r"y_{jt} = u_j + w_t + \delta\,x_{jt} + s_{jt} + e_{jt}",
        detail=(
            Message(
                "y is the mean of unit j in week t. u is the unit's level (SD τ), w the week that all units share, "
                "x is 1 where the change is carried out, s a weekly shock that hangs together with the one before "
                "(SD σ, correlation ρ), and e chance among the answers, whose size follows from how many there are."
            ),
            Message(
                "A few months of weeks do not tell σ, ρ and τ well. So the result is averaged over what they may be, "
                "weighted by how well each fits the data and by weak prior knowledge, instead of trusting one guess. "
                "That makes the interval honest in small pilots."
            ),
            Message(
                "Limits: all units share σ, ρ and τ, and the shocks are taken as normal. If part of the change reached "
                "the comparison units as well, the effect looks smaller than it is."
            ),
        ),
        sources=(
            "Harville (1974), Biometrika 61:383",
            "Gelman (2006), Bayesian Analysis 1:515",
            "Chung, Rabe-Hesketh, Dorie, Gelman & Liu (2013), Psychometrika 78:685",
        ),
    )


def _reviews() -> Card:
    bounds = tuple(round(float(bound), 2) for bound in obrien_fleming_bounds([0.2, 0.4, 0.6, 0.8, 1.0]))
    welch = [row.welch for row in methods_figures.tested() if not row.effect]
    return Card(
        name="planned-reviews",
        title=N_("Why only planned reviews decide"),
        plain=(
            Message(
                "Looking at the numbers every week makes chance look like an effect. So an effect counts only when a "
                "planned review passes its bound, and early bounds are strict."
            ),
            Message(
                "Of invented pilots in which nothing was changed, an ordinary test called {low}–{high} % a success "
                "when it was looked at every week. You may look at the numbers whenever you like, but between "
                "reviews they decide nothing.",
                {"low": round(min(welch)), "high": round(max(welch))},
            ),
        ),
        keywords=N_("p value significance peeking stopping early interim analysis alpha spending"),
        formula=r"\alpha(t) = 2\left(1 - \Phi\!\left(\frac{z_{\alpha/2}}{\sqrt t}\right)\right)",
        detail=(
            Message(
                "A false alarm in the good direction may come in 2.5 % of pilots. This allowance is spent little by "
                "little over the reviews; t is the share of the final information that there is so far. z tells how "
                "far the effect is from 0, in standard errors."
            ),
            Message(
                "For example, with five evenly spaced reviews z must reach {first}, {second}, {third}, {fourth} and "
                "{fifth}. When z is as far on the bad side, the review has found harm.",
                dict(zip(("first", "second", "third", "fourth", "fifth"), bounds, strict=True)),
            ),
        ),
        sources=(
            "Armitage, McPherson & Rowe (1969), Journal of the Royal Statistical Society A 132:235",
            "O'Brien & Fleming (1979), Biometrics 35:549",
            "Lan & DeMets (1983), Biometrika 70:659",
        ),
    )


def _interval() -> Card:
    covered = [row.covered for row in methods_figures.tested()]
    return Card(
        name="interval",
        title=N_("What the interval says"),
        plain=(
            Message(
                "The interval shows which true effects fit the data. With few answers it is wide: then nobody knows "
                "exactly. Of all intervals worked out this way about 95 in 100 hold the true effect."
            ),
            Message(
                "Look at both of its ends. If even the worse end is at least the smallest change that matters, the "
                "change is worth having. If even the better end is below it, it is not. In between the question is "
                "open."
            ),
        ),
        keywords=N_("confidence interval uncertainty margin of error standard error"),
        formula=r"\sum_g w_g\,\Phi\!\left(\frac{c - \hat\delta_g}{\sqrt{v_g}}\right) = p",
        detail=(
            Message(
                "c is an end of the interval, p is 2.5 % at its lower end and 97.5 % at its upper one. Every g is one "
                "possibility for σ, ρ and τ, with its weight w, the effect δ that it gives and its variance v. The "
                "interval is thus that of an average over all possibilities, and wider than one that takes a single "
                "guess for the truth."
            ),
            Message(
                "In the tests on invented pilots the intervals held the true effect in {low}–{high} % of cases.",
                {"low": round(min(covered)), "high": round(max(covered))},
            ),
        ),
    )


def _few_data() -> Card:
    return Card(
        name="few-data",
        title=N_("“Not enough yet” is not “no effect”"),
        plain=(
            Message(
                "With few data even a good change may not show. Luotsi then says that there are not enough data yet, "
                "or recommends going on and tells how many more weeks it would take. It does not say that the change "
                "was of no use."
            ),
            Message(
                "That a change did not help enough is said only when the whole interval is below the smallest change "
                "that matters. If no reasonable number of weeks would do, that is said too: then it takes more "
                "answers, more units or another metric."
            ),
        ),
        keywords=N_("sample size power small data too few answers null result"),
        detail=(
            Message(
                "An effect is worked out from {least} full weeks of data on each side of the start. Under {before} "
                "weeks before it, {after} weeks after it or {answers} answers on a side keep the recommendation from "
                "being to scale up. A group of customers with fewer than {answers} answers on a side is not estimated.",
                {"least": LEAST_WEEKS, "before": LEAST_BEFORE, "after": LEAST_AFTER, "answers": LEAST_ANSWERS},
            ),
        ),
        sources=("Altman & Bland (1995), BMJ 311:485",),
    )
