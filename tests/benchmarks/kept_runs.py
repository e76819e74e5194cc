"""Runs kept in a file, each with its machine: a long benchmark goes on with those that the file has not."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure


def has(path: Path, **which: object) -> bool:
    return any(all(run.get(key) == value for key, value in which.items()) for run in _read(path))


def add(path: Path, machine: dict[str, Any], figures: Sequence[Figure], **which: object) -> None:
    """A figure that could not be taken is kept as null."""
    told = [{**asdict(one), "value": None if math.isnan(one.value) else one.value} for one in figures]
    path.parent.mkdir(parents=True, exist_ok=True)
    runs = [*_read(path), {**which, "machine": machine, "figures": told}]
    path.write_text(json.dumps({"runs": runs}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _read(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text("utf-8"))["runs"] if path.exists() else []
