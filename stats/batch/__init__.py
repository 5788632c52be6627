"""Many pilots at once: the same estimates, looks, checks and rules as `stats.evaluation`, over arrays."""

from __future__ import annotations

from stats.batch.evaluation import evaluate_batch
from stats.batch.pilots import PilotBatch
from stats.batch.result import BatchResult, LookRows, with_shrunken_effects

__all__ = ["BatchResult", "LookRows", "PilotBatch", "evaluate_batch", "with_shrunken_effects"]
