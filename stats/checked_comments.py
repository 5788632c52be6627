"""Comments that a model has sorted, and what people found of those they checked."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stats.arguments import whole

JEFFREYS = 0.5


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """Checked comments by what the model and what a person said of one theme.

    Attributes:
        both: Both say that the comment is about it.
        model_only: The model only.
        person_only: The person only.
        neither: Neither.

    Raises:
        ValueError: A count is negative or not whole.

    Example:
        >>> Crossed(both=8, model_only=2, person_only=3, neither=37).total
        50
    """

    both: int = 0
    model_only: int = 0
    person_only: int = 0
    neither: int = 0

    def __post_init__(self) -> None:
        for name in ("both", "model_only", "person_only", "neither"):
            whole(name, getattr(self, name))

    @property
    def total(self) -> int:
        """Checked comments."""
        return self.both + self.model_only + self.person_only + self.neither

    @property
    def true(self) -> int:
        """Those that a person found to be about the theme."""
        return self.both + self.person_only

    @property
    def picked(self) -> int:
        """Those that the model picked."""
        return self.both + self.model_only


@dataclass(frozen=True, kw_only=True)
class CheckedComments:
    """The comments of one period (in the pilot units, or in the units compared with) and what is known of them.

    Attributes:
        picked: Comments that the model picked, of all.
        left: Comments that it did not pick.
        drawn: Those checked that were drawn at random.
        known: Those checked for another reason, such as the ones the model was least sure of. They speak for
            themselves only: each counts with its own truth, and the random ones stand for the rest.

    Raises:
        ValueError: More comments are checked than there are.

    Example:
        >>> found = CheckedComments(picked=60, left=240, drawn=Crossed(both=8, model_only=2, person_only=2, neither=38))
        >>> round(found.observed, 2), round(found.share, 3), found.checked
        (0.2, 0.203, 50)
    """

    picked: int
    left: int
    drawn: Crossed = Crossed()
    known: Crossed = Crossed()

    def __post_init__(self) -> None:
        whole("picked", self.picked)
        whole("left", self.left)
        checked = self.drawn.picked + self.known.picked
        if checked > self.picked:
            raise ValueError(f"picked == {self.picked}, must be >= {checked}, the checked ones among them.")
        checked = self.checked - checked
        if checked > self.left:
            raise ValueError(f"left == {self.left}, must be >= {checked}, the checked ones among them.")

    @property
    def total(self) -> int:
        """All comments."""
        return self.picked + self.left

    @property
    def checked(self) -> int:
        """Comments that a person has checked, for whatever reason."""
        return self.drawn.total + self.known.total

    @property
    def unchecked(self) -> int:
        """Comments that nobody has checked."""
        return self.total - self.checked

    @property
    def observed(self) -> float:
        """Share that the model picked; NaN without comments."""
        return self.picked / self.total if self.total else math.nan

    @property
    def precision(self) -> float:
        """Share of the picked that are about the theme (PPV)."""
        return self._parts()[0][0]

    @property
    def omission(self) -> float:
        """Share of those left that are about the theme (FOR)."""
        return self._parts()[1][0]

    @property
    def recall(self) -> float:
        """Share of the comments about the theme that the model picked: its sensitivity; NaN when none is."""
        return self.observed * self.precision / self.share if self.share > 0 else math.nan

    @property
    def specificity(self) -> float:
        """Share of the comments about other things that the model left; NaN when none is."""
        return (1.0 - self.observed) * (1.0 - self.omission) / (1.0 - self.share) if self.share < 1 else math.nan

    @property
    def share(self) -> float:
        """Share of the comments that are about the theme."""
        return share_of(self.observed, self.precision, self.omission)

    @property
    def errors(self) -> tuple[float, float]:
        """Standard errors of `precision` and of `omission`; 0 when all the comments behind it are checked."""
        picked, left = self._parts()
        return math.sqrt(picked[1]), math.sqrt(left[1])

    @property
    def variance(self) -> float:
        """Variance of `share` as the share of these very comments: of what nobody has checked."""
        error = self.errors
        return (self.observed * error[0]) ** 2 + ((1.0 - self.observed) * error[1]) ** 2

    def _parts(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Estimate and variance of `precision` and of `omission`."""
        one, other = self.drawn, self.known
        return (
            _part(self.picked, one.both, one.picked, other.both, other.picked),
            _part(self.left, one.person_only, one.total - one.picked, other.person_only, other.total - other.picked),
        )


def share_of(observed: float, precision: float, omission: float) -> float:
    """The true share, from the share that the model picked: q PPV + (1 - q) FOR.

    Args:
        observed: Share that the model picked.
        precision: Share of the picked that are right.
        omission: Share of those left that should have been picked.

    Example:
        >>> round(share_of(0.2, 0.8, 0.05), 6)
        0.2
    """
    return observed * precision + (1.0 - observed) * omission


def _part(size: int, right: int, drawn: int, known_right: int, known: int) -> tuple[float, float]:
    """Share of `size` comments that is true, and its variance.

    The known ones count as they are; Jeffreys' posterior of the random ones stands for the rest, themselves included.
    """
    if size == 0:
        return 0.0, 0.0
    rest = size - known
    share = (right + JEFFREYS) / (drawn + 2 * JEFFREYS)
    variance = share * (1.0 - share) / (drawn + 2 * JEFFREYS + 1.0)
    if rest == drawn:
        return (known_right + right) / size, 0.0
    part = rest / size
    return (known_right + rest * share) / size, part**2 * variance * (1.0 - drawn / rest)
