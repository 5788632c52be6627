"""Cards of what stands around a verdict: metrics, control charts, many pilots, planning, and how it was all tested."""

from __future__ import annotations

from models.metrics import MetricKind
from pages import methods_figures
from pages.methods_card import Card, Rows
from services.i18n import N_, Translator
from services.labels import label
from services.wording import sentence
from stats.messages import Message
from stats.spc.kinds import Rule, RuleSet
from stats.spc.phases import FIRM_POINTS

KINDS: dict[MetricKind, str] = {
    MetricKind.SCORE: N_("Weekly means are compared; weeks of many answers weigh more."),
    MetricKind.NPS: N_("As a score: every answer is −100, 0 or 100, and the weekly means are compared."),
    MetricKind.PROPORTION: N_("Compared as odds, so that a share near 0 or 100 % does not mislead."),
    MetricKind.COUNT: N_(
        "Events for each customer, visit or day are compared, since a busy unit has more of everything."
    ),
    MetricKind.DURATION: N_(
        "Mean times are compared as ratios, so that a unit with long waits can stand beside one with short; the effect "
        "is told in the metric's own unit. Look at the median as well."
    ),
    MetricKind.COST: N_("Mean costs are compared, for they add up to the bill; a single dear case can decide them."),
}


def cards() -> tuple[Card, ...]:
    """Beside and beyond the single verdict."""
    return (_metrics(), _charts(), _portfolio(), _planning(), _tests())


def _metrics() -> Card:
    return Card(
        name="metrics",
        title=N_("Different kinds of metrics"),
        plain=(
            Message(
                "A score, a share, a number of events, a time and a cost behave differently, so each is compared in "
                "the way that suits it. The answer always comes back in the metric's own unit."
            ),
        ),
        keywords=N_("score NPS proportion percentage count rate waiting time median cost euro"),
        table=_kinds,
        detail=(
            Message(
                "Small single comparisons outside the pilots' weekly series have methods of their own, which analysts "
                "can call from Python: intervals of differences of shares, exact rate ratios, Welch's test, the "
                "Brunner-Munzel test of ordered answers, the difference of recommendation indices, and permutation "
                "tests of costs."
            ),
        ),
        sources=(
            "Newcombe (1998), Statistics in Medicine 17:873",
            "Miettinen & Nurminen (1985), Statistics in Medicine 4:213",
            "Welch (1947), Biometrika 34:28",
            "Brunner & Munzel (2000), Biometrical Journal 42:17",
            "Rocks (2016), The American Statistician 70:365",
            "Thompson & Barber (2000), BMJ 320:1197",
        ),
    )


def _kinds(t: Translator) -> Rows:
    names = {kind: label(t, kind) for kind in MetricKind}
    return [
        {t("Metric"): name[:1].upper() + name[1:], t("How it is compared"): t(KINDS[kind])}
        for kind, name in names.items()
    ]


def _charts() -> Card:
    return Card(
        name="control-charts",
        title=N_("Control charts"),
        plain=(
            Message(
                "A control chart shows how much a number usually varies from week to week. A point outside the limits, "
                "or many points in a row on one side, is a signal: something has changed. It does not tell what, so a "
                "signal informs and never decides."
            ),
            Message(
                "There are two sets of rules, and a chart uses one of them at a time. Limits that rest on fewer than "
                "{points} points are called trial limits.",
                {"points": FIRM_POINTS},
            ),
        ),
        keywords=N_("SPC statistical process control run chart XmR limits Shewhart"),
        table=_signals,
        formula=r"\bar x \pm 2.66\,\overline{mR}",
        detail=(
            Message(
                "The limits of a score, a time or a cost are the mean and 2.66 times the mean difference between "
                "neighbouring weeks (mR). Shares have P′ and counts U′ charts, rare events G and T charts of the time "
                "from one event to the next."
            ),
            Message(
                "Signals come without any change as well, in this share of series. They are more frequent when "
                "neighbouring weeks are alike, as they usually are, and when few weeks lie before the start. That is "
                "why a signal decides nothing."
            ),
        ),
        detail_table=_alarms,
        sources=(
            "NHS England (2019), Making Data Count: Strengthening your decisions",
            "Anhøj & Olesen (2014), PLoS ONE 9:e113825",
            "Nelson (1982), Journal of Quality Technology 14:172",
            "Laney (2002), Quality Engineering 14:531",
        ),
    )


def _signals(t: Translator) -> Rows:
    return [
        {
            t("Set of rules"): sentence(t, rules.label),
            t("A signal is"): "; ".join(sentence(t, rule.label) for rule in Rule if rule.rule_set is rules),
        }
        for rules in RuleSet
    ]


def _alarms(t: Translator) -> Rows:
    rows = []
    for one in methods_figures.alarms():
        if one.before:
            named = t.say(
                "{points} weeks after {before} weeks, neighbouring weeks alike"
                if one.alike
                else "{points} weeks after {before} weeks, every week on its own",
                points=one.points,
                before=one.before,
            )
        else:
            named = t.say("{points} weeks by their own limits, every week on its own", points=one.points)
        anhoej = t.percent(one.anhoej / 100) if one.anhoej is not None else "–"
        rows.append(
            {t("When nothing has changed"): named, t("A signal, NHS rules"): t.percent(one.nhs / 100),
             t("A signal, Anhøj's rules"): anhoej}
        )  # fmt: skip
    return rows


def _portfolio() -> Card:
    return Card(
        name="many-pilots",
        title=N_("Many pilots together"),
        plain=(
            Message(
                "When many pilots are run, the best-looking one has often been lucky as well. So every effect is also "
                "shown in the light of the others: it is drawn towards their mean, the more the less certain it is."
            ),
            Message(
                "With many pilots some look good by chance alone. Of the gains that are said to stand together, at "
                "most about one in ten is expected to be chance."
            ),
        ),
        keywords=N_("portfolio shrinkage winner's curse empirical Bayes meta-analysis false discovery rate"),
        formula=r"\tilde\delta_i = \frac{\sigma^2\,\hat\delta_i + s_i^2\,\mu}{\sigma^2 + s_i^2}",
        detail=(
            Message(
                "δ is a pilot's own effect in multiples of its smallest change that matters, s its standard error, μ "
                "the mean of the pilots and σ how much their true effects differ. σ is averaged over what it may be, "
                "so that few pilots do not pass for certainty. It takes at least three pilots."
            ),
        ),
        sources=(
            "Morris (1983), Journal of the American Statistical Association 78:47",
            "Viechtbauer (2007), Statistics in Medicine 26:37",
            "Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57:289",
        ),
    )


def _planning() -> Card:
    return Card(
        name="planning",
        title=N_("How long to try, and what can be found"),
        plain=(
            Message(
                "Before the start and at every evaluation Luotsi works out how small a change the pilot can find and "
                "how many weeks it takes to find the smallest change that matters. To find means that four out of five "
                "pilots with such a change show it."
            ),
            Message(
                "More weeks do not always help, because the weeks before the start do not grow in number. More answers "
                "a week, or more comparison units, often help more."
            ),
        ),
        keywords=N_("power calculation sample size minimum detectable effect weeks needed"),
        formula=r"(1.96 + 0.84) \cdot s",
        detail=(
            Message(
                "s is the standard error that the effect will have at the end if coming weeks are like the last ones. "
                "1.96 belongs to the interval, 0.84 to finding the change in four pilots out of five. Planned reviews "
                "make the size about two per cent larger."
            ),
        ),
        sources=(
            "Bloom (1995), Evaluation Review 19:547",
            "Jennison & Turnbull (2000), Group Sequential Methods with Applications to Clinical Trials. Chapman & Hall",
        ),
    )


def _tests() -> Card:
    return Card(
        name="tests",
        title=N_("How the methods were tested"),
        plain=(
            Message(
                "The methods were tried on thousands of invented pilots whose truth is known. When nothing changes, "
                "scaling up should not be recommended; when the change works, it should be noticed. No method does "
                "both perfectly."
            ),
            Message(
                "The pilots were made difficult on purpose: few answers, weeks that hang together, a unit chosen when "
                "it looked worst, and a look every week. The table shows in what share of pilots each method would "
                "have recommended scaling up."
            ),
        ),
        keywords=N_("simulation false alarm error rate power benchmark validation"),
        table=_tested,
        detail=(
            Message(
                "A change that works is here half the spread (SD) of single answers. The ordinary methods find it more "
                "often because they call nearly everything a success. Luotsi recommends scaling up only when the "
                "effect also reaches the smallest change that matters and no check speaks against it."
            ),
            Message(
                "Where the weeks are stormier than assumed and there are only two comparison units, false alarms can "
                "rise to about 5–6 %. That is why a unit that was already changing cannot be scaled up on so few "
                "comparison units."
            ),
        ),
        detail_table=_tested_in_detail,
    )


def _situation(t: Translator, row: methods_figures.Tested) -> str:
    if row.effect:
        return t.say("{units} comparison units, the change works", units=row.comparison_units)
    return t.say("{units} comparison units, nothing changes", units=row.comparison_units)


def _tested(t: Translator) -> Rows:
    return [
        {
            t("Situation"): _situation(t, row),
            "Luotsi": t.percent(row.scaled / 100, 1),
            t("t-test on all answers"): t.percent(row.welch / 100, 1),
            t("Trend break in the unit's own series"): t.percent(row.segmented / 100, 1),
        }
        for row in methods_figures.tested()
    ]


def _tested_in_detail(t: Translator) -> Rows:
    return [
        {
            t("Situation"): _situation(t, row),
            t("A review passed its bound"): t.percent(row.crossed / 100, 1),
            t("The interval held the true effect"): t.percent(row.covered / 100, 1),
        }
        for row in methods_figures.tested()
    ]
