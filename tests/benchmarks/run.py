"""``make bench``: every figure in one table and in build/bench.json, with the machine it was taken on.

python -m tests.benchmarks.run trace search     only these
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import (
    bus_cycle,
    changes,
    imports,
    lockstep_stop,
    opening,
    pages,
    permit_loss,
    reading,
    room,
    search,
    search_peers,
    search_scale,
    shelves,
    stop,
    trace,
    vision_memory,
)
from tests.benchmarks.figure import Figure
from tests.benchmarks.machine import describe

# Slow ones last. Each takes a folder of its own on the disk.
BENCHMARKS: dict[str, Callable[[Path], list[Figure]]] = {
    "trace": trace.measure,
    "imports": imports.measure,
    "search": search.measure,
    "search-scale": search_scale.measure,
    "search-peers": search_peers.measure,
    "changes": changes.measure,
    "reading": reading.measure,
    "shelves": shelves.measure,
    "pages": pages.measure,
    "vision-memory": vision_memory.measure,
    "lockstep": lockstep_stop.measure,
    "opening": opening.measure,
    "permit": permit_loss.measure,
    "bus-20": bus_cycle.measure,
    "room": room.measure,
    "stop": stop.measure,
}
BUILD = Path("build")


def main(argv: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; all without one")
    asked.add_argument("--json", type=Path, default=BUILD / "bench.json")
    options = asked.parse_args(argv)
    if unknown := set(options.names) - set(BENCHMARKS):
        asked.error(f"no such figure: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    machine = describe()
    figures: list[Figure] = []
    failed: list[str] = []
    BUILD.mkdir(exist_ok=True)
    for name in options.names or BENCHMARKS:
        print(f"  measuring {name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder:
            try:
                figures += BENCHMARKS[name](Path(folder).resolve())
            except Exception:  # noqa: BLE001  whatever broke, hours of other figures are not lost with it
                traceback.print_exc()
                failed.append(name)
    print(table(machine, figures))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    kept = [{**asdict(one), "value": None if math.isnan(one.value) else one.value} for one in figures]
    options.json.write_text(
        json.dumps({"machine": machine, "figures": kept}, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    if failed:
        print(f"not measured, see above: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def table(machine: dict[str, object], figures: list[Figure]) -> str:
    lines = [", ".join(f"{name} {value}" for name, value in machine.items()), ""]
    rows = [(one.name, _shown(one.value), one.unit, str(one.n), one.clock, one.note) for one in figures]
    rows = [("figure", "value", "unit", "n", "clock", ""), *rows]
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    for row in rows:
        name, value, *rest = (
            row[at].rjust(widths[at]) if at in (1, 3) else row[at].ljust(widths[at]) for at in range(5)
        )
        lines.append("  ".join((name, value, *rest, row[5])).rstrip())
    return "\n".join(lines)


def _shown(value: float) -> str:
    if math.isnan(value):
        return "not run"
    if 0 < abs(value) < 1:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
