"""A campaign: seeded cases, one after another, for as long as one likes; what was proved is kept in a small file.

Case *n* of a seed is always the same. A run goes on where the last one of the same seed and the same sources ended.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
SAVE_EVERY_S = 10


class Violated(Exception):
    """``story``: what was done, step by step, cut down to what it takes."""

    def __init__(self, what: str, story: list[str]) -> None:
        super().__init__("\n  ".join([what, *story]))
        self.what, self.story = what, story


def hash_of(covers: tuple[str, ...]) -> str:
    """SHA-256 over names and contents of the files that these globs name."""
    whole = hashlib.sha256()
    for pattern in covers:
        for path in sorted(ROOT.glob(pattern)):
            whole.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


@dataclass(frozen=True)
class Campaign:
    """``covers``: globs of the sources whose change makes earlier cases worthless. ``case`` counts what it did.

    ``case`` raises Violated or AssertionError. ``exhaustive``: one case is everything; a second would show nothing.
    ``model``: what the claim is about, kept with the result. ``table``: how its counts are told to a person.
    """

    name: str
    covers: tuple[str, ...]
    case: Callable[[Random], Counter[str]]
    exhaustive: bool = False
    model: str = ""
    table: Callable[[dict[str, int]], str] | None = None

    def sources(self) -> str:
        """Of what is proved and what proves it."""
        return hash_of((*self.covers, f"tests/proofs/{self.name}*.py"))


@dataclass
class Result:
    """``commit``: where the last part of the run began; ``uncommitted`` says whether covered files differed from it."""

    target: str
    result: str
    seed: int
    cases: int
    seconds: int
    counts: dict[str, int]
    commit: str
    uncommitted: bool
    sources: str
    model: str = ""
    violations: list[dict[str, object]] = field(default_factory=list)

    def save(self, path: Path) -> None:
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", "utf-8")
        partial.rename(path)


def run(campaign: Campaign, folder: Path, *, seconds: float, seed: int = 1, fresh: bool = False) -> Result:
    """At least one case, then until ``seconds`` are over or a case is violated. The result is in ``folder`` too."""
    path = folder / f"{campaign.name}.json"
    result = _go_on(campaign, path, seed, fresh)
    if campaign.exhaustive and result.cases:
        return result
    before_s, counts = result.seconds, Counter(result.counts)
    began = saved = time.monotonic()
    while result.result == "held":
        try:
            counts += campaign.case(Random(f"{campaign.name}/{seed}/{result.cases}"))
            result.cases += 1
        except (Violated, AssertionError) as found:
            result.result = "violated"
            what, story = (found.what, found.story) if isinstance(found, Violated) else (_said(found), [])
            result.violations.append({"case": result.cases, "what": what, "story": story})
        now = time.monotonic()
        result.seconds, result.counts = before_s + round(now - began), dict(sorted(counts.items()))
        if campaign.exhaustive or now - began >= seconds:
            break
        if now - saved > SAVE_EVERY_S:
            saved = now
            result.save(path)
    result.save(path)
    return result


def _go_on(campaign: Campaign, path: Path, seed: int, fresh: bool) -> Result:
    sources = campaign.sources()
    if not fresh and path.exists():
        kept = Result(**json.loads(path.read_text("utf-8")))
        if (kept.seed, kept.sources) == (seed, sources):
            # A case that was violated is tried again: with the same sources it must fail the same way.
            kept.result, kept.violations = "held", []
            kept.commit, kept.uncommitted = _commit(campaign)
            return kept
    commit, uncommitted = _commit(campaign)
    return Result(campaign.name, "held", seed, 0, 0, {}, commit, uncommitted, sources, campaign.model)


def _commit(campaign: Campaign) -> tuple[str, bool]:
    head = _git("rev-parse", "HEAD")
    covered = [f":(glob){pattern}" for pattern in (*campaign.covers, f"tests/proofs/{campaign.name}*.py")]
    return head, bool(_git("status", "--porcelain", "--", *covered))


def _git(*args: str) -> str:
    """Empty outside a repository: an unpacked archive can be proved too."""
    done = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _said(error: AssertionError) -> str:
    """What failed and where: plain asserts outside pytest say nothing by themselves."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{where} {error}".strip()
