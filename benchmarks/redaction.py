"""How much personal data do the rules take out of comments, how much else, and how fast?

    OMP_NUM_THREADS=1 python -m benchmarks.redaction [--set NAME...] [--show]

The sets were written by people who had not seen the rules: `{"id", "language", "text", "spans": [{"text", "kind"}]}`
a line; an item without spans is clean. A stretch counts as found when every letter and digit of it is gone. False are
stretches taken that touch no marked one, and clean items that were changed. The peer is what a day's work gives:
`phonenumbers` for numbers, and one plain expression each for codes, e-mails, plates and streets; it has no names.
Speed: comments recombined from the demo county's, median 15 words, one in fifteen with personal data of the sets.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from phonenumbers import PhoneNumberMatcher

from services.demo.county import load_county
from themes.redaction import redact
from themes.spans import Kind, Span, settled

DATA = Path(__file__).parent / "data"
BARS = {
    Kind.HETU: 0.95, Kind.PHONE: 0.95, Kind.EMAIL: 0.95, Kind.NAME: 0.85, Kind.ADDRESS: 0.85,
    Kind.PLATE: 0.85, Kind.DATE_OF_BIRTH: 0.85,
}  # fmt: skip
MOST_FALSE, COMMENTS_A_SECOND = 0.05, 2_000.0
PLAIN = (
    (Kind.HETU, re.compile(r"\b\d{6}[-+A]\d{3}[0-9A-Z]\b")),
    (Kind.EMAIL, re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")),
    (Kind.PLATE, re.compile(r"\b[A-ZÅÄÖ]{2,3}-\d{1,3}\b")),
    (Kind.DATE_OF_BIRTH, re.compile(r"\b\d{1,2}\.\d{1,2}\.19\d\d\b")),
    (Kind.ADDRESS, re.compile(r"\b[A-ZÅÄÖ][a-zåäö]+(?:katu|tie|kuja|polku|gatan|vägen) \d+(?: [A-Z](?: \d+)?)?\b")),
)

Finder = Callable[[str], Sequence[Span]]


@dataclass(frozen=True, kw_only=True)
class Item:
    """A comment and what a person marked in it.

    Attributes:
        id: Its name in the set.
        text: The comment.
        marked: Where the personal data is.
    """

    id: str
    text: str
    marked: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What became of a set.

    Attributes:
        marked: Marked stretches by kind.
        found: Of them, found.
        right_kind: Of them, found under their own kind.
        taken: Stretches that were taken.
        false: Of them, without anything marked.
        clean: Items without anything marked.
        touched: Of them, changed.
        failures: A line for each thing that went wrong.
    """

    marked: Counter[Kind]
    found: Counter[Kind]
    right_kind: Counter[Kind]
    taken: int
    false: int
    clean: int
    touched: int
    failures: tuple[str, ...]


def read_set(path: Path) -> list[Item]:
    """A set's items, with marked stretches looked up in the text, one after another."""
    items = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        marked: list[Span] = []
        for span in row["spans"]:
            after = max((one.end for one in marked if row["text"][one.start : one.end] == span["text"]), default=0)
            start = row["text"].index(span["text"], after)
            marked.append(Span(start, start + len(span["text"]), Kind(span["kind"])))
        items.append(Item(id=str(row["id"]), text=row["text"], marked=tuple(sorted(marked))))
    return items


def plain(text: str) -> Sequence[Span]:
    """The peer."""
    found = [Span(m.start(), m.end(), kind) for kind, pattern in PLAIN for m in pattern.finditer(text)]
    found += [Span(match.start, match.end, Kind.PHONE) for match in PhoneNumberMatcher(text, "FI")]
    return settled(found)


def ours(text: str) -> Sequence[Span]:
    """What the import does."""
    return redact(text).spans


def score(items: Sequence[Item], finder: Finder) -> Scored:
    """Compare what a finder takes with what people marked."""
    marked, found, right_kind = Counter[Kind](), Counter[Kind](), Counter[Kind]()
    taken = false = clean = touched = 0
    failures: list[str] = []
    for item in items:
        spans = finder(item.text)
        gone = {place for span in spans for place in range(span.start, span.end)}
        for span in item.marked:
            marked[span.kind] += 1
            if all(place in gone or not item.text[place].isalnum() for place in range(span.start, span.end)):
                found[span.kind] += 1
                right_kind[span.kind] += any(_touch(span, one) and one.kind == span.kind for one in spans)
            else:
                failures.append(f"missed {span.kind} {item.text[span.start : span.end]!r} in {item.id}: {item.text}")
        for span in spans:
            taken += 1
            if not any(_touch(span, one) for one in item.marked):
                false += 1
                failures.append(f"false {span.kind} {item.text[span.start : span.end]!r} in {item.id}: {item.text}")
        clean += not item.marked
        touched += not item.marked and bool(spans)
    return Scored(marked=marked, found=found, right_kind=right_kind, taken=taken, false=false, clean=clean,
                  touched=touched, failures=tuple(failures))  # fmt: skip


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def comments(count: int, items: Sequence[Item], seed: int) -> list[str]:
    """Comments of realistic length and make-up."""
    draw = random.Random(seed)
    sentences = [sentence for comment in load_county().comments for sentence in re.split(r"(?<=[.!?]) ", comment.text)]
    telling = [item.text for item in items if item.marked]
    made = []
    for _ in range(count):
        words = draw.choice(telling).split() if telling and draw.random() < 1 / 15 else []
        length = max(3, round(draw.lognormvariate(2.7, 0.6)))
        while len(words) < length:
            words += draw.choice(sentences).split()
        made.append(" ".join(words[: max(length, 3)]))
    return made


def rate(finder: Finder, texts: Sequence[str], *, runs: int = 3) -> float:
    """Comments a second on one core, the best of a few runs."""
    finder("Maija 040 000 0000")
    best = 0.0
    for _ in range(runs):
        began = time.process_time()
        for text in texts:
            finder(text)
        best = max(best, len(texts) / (time.process_time() - began))
    return best


def told(name: str, scored: Scored, other: Scored) -> None:
    """Print a set's figures beside the peer's."""
    print(f"{name}: {sum(scored.marked.values())} marked stretches, {scored.clean} clean items")
    print(f"  {'':28s} {'found':>9s} {'share':>7s} {'kind':>6s} {'bar':>7s} {'':8s} {'plain':>7s}")
    for kind, bar in BARS.items():
        if scored.marked[kind]:
            share = scored.found[kind] / scored.marked[kind]
            print(f"  {kind:28s} {scored.found[kind]:>5d}/{scored.marked[kind]:<3d} {share:7.1%} "
                  f"{scored.right_kind[kind]:>6d} {bar:>6.0%}+ {'reached' if share >= bar else 'MISSED':8s} "
                  f"{other.found[kind] / scored.marked[kind]:7.1%}")  # fmt: skip
    for what, part, whole, peers in (
        ("false among those taken", scored.false, scored.taken, other.false / max(1, other.taken)),
        ("clean items touched", scored.touched, scored.clean, other.touched / max(1, other.clean)),
    ):
        share = part / whole if whole else 0.0
        print(f"  {what:28s} {part:>5d}/{whole:<3d} {share:7.1%} {'':6s} {MOST_FALSE:>6.0%}- "
              f"{'reached' if share <= MOST_FALSE else 'MISSED':8s} {peers:7.1%}")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs="*", default=sorted(path.stem for path in DATA.glob("redaction_*.jsonl")))
    parser.add_argument("--show", action="store_true", help="print what was missed and what was taken wrongly")
    parser.add_argument("--comments", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=20260101)
    options = parser.parse_args(arguments)
    every: list[Item] = []
    for name in options.set:
        items = read_set(DATA / f"{name}.jsonl")
        every += items
        scored = score(items, ours)
        told(name, scored, score(items, plain))
        for line in scored.failures if options.show else ():
            print("    " + line)
    texts = comments(options.comments, every, options.seed)
    words = statistics.median(len(text.split()) for text in texts)
    fast, other = rate(ours, texts), rate(plain, texts)
    print(f"speed: {len(texts)} comments, median {words:.0f} words, one core")
    print(f"  {'comments a second':28s} {fast:9.0f} {'':14s} {COMMENTS_A_SECOND:>6.0f}+ "
          f"{'reached' if fast >= COMMENTS_A_SECOND else 'MISSED':8s} {other:7.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
