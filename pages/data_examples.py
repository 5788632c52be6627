"""Small programs for analysts that run as they stand; a test runs them and compares what they print."""

from __future__ import annotations

from dataclasses import dataclass

from services.i18n import N_


@dataclass(frozen=True, kw_only=True)
class Example:
    """A program to copy.

    Attributes:
        name: Its key.
        title: What it answers, a msgid.
        code: The program.
        prints: What it prints.
    """

    name: str
    title: str
    code: str
    prints: str


COMMANDS: tuple[tuple[str, str], ...] = (
    (N_("Evaluate one pilot from a file"), "python cli.py evaluate data.csv --plan plan.json --format text"),
    (
        N_("Evaluate many pilots from files"),
        "python cli.py evaluate-batch panel.parquet --plans plans.parquet --out results.parquet",
    ),
    (N_("Evaluate every pilot of this installation as it stands today"), "python cli.py evaluate-all"),
    (N_("Take personal data out of lines of text"), "python cli.py redact comments.txt"),
    (
        N_("Give comments their themes and tone"),
        "python cli.py assign-themes comments.jsonl --themes themes.json --out themes.jsonl",
    ),
    (
        N_("Propose themes from comments of like meaning"),
        "python cli.py discover-themes comments.jsonl --out found.json",
    ),
    (N_("Take in a file of measurements"), "python cli.py import-measurements measurements.csv"),
)

ADDRESSES: tuple[tuple[str, str], ...] = (
    ("/healthz", N_("Whether the service is up: state of the database and its version. Needs no sign-in.")),
    (
        "/api/v1/public/stories",
        N_("Public stories of pilots as JSON, the same as on the public page. Needs no sign-in."),
    ),
    ("/public/feed.json", N_("The same stories as a feed that readers can follow. Needs no sign-in.")),
)


def examples() -> tuple[Example, ...]:
    """Every program, in the order of the page."""
    return (
        Example(
            name="shares",
            title=N_("Did a share change? 30 of 120 before, 48 of 130 in the pilot"),
            code="""from stats.proportions import difference_in_proportions

found = difference_in_proportions(30, 120, 48, 130)
print(f"{found.effect:.3f} ({found.interval.low:.3f} to {found.interval.high:.3f})")""",
            prints="0.119 (0.004 to 0.229)",
        ),
        Example(
            name="rates",
            title=N_("Did events become rarer? 22 in 12 weeks before, 14 in 12 weeks in the pilot"),
            code="""from stats.rates import rate_ratio

found = rate_ratio(22, 12, 14, 12)
print(f"{found.effect:.2f} ({found.interval.low:.2f} to {found.interval.high:.2f})")""",
            prints="0.64 (0.30 to 1.30)",
        ),
        Example(
            name="chart",
            title=N_("Is a series of weeks more than chance?"),
            code="""from stats.spc import control_chart

chart = control_chart([12, 14, 11, 13, 12, 15, 13, 12, 25], kind="xmr")
print([(signal.rule.value, signal.points) for signal in chart.signals])""",
            prints="[('outside_limits', (8,))]",
        ),
        Example(
            name="value",
            title=N_("What does a gain cost? An effect of 0.4 with a standard error of 0.1 for 110 hours"),
            code="""from stats.value import cost_per_unit

found = cost_per_unit(0.4, 0.1, 110)
print(f"{found.value:.0f} ({found.interval.low:.0f} to {found.interval.high:.0f})")""",
            prints="275 (185 to 539)",
        ),
    )
