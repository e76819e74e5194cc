"""``make prove [TARGET=planner]``: long seeded campaigns; tests/proofs/<target>.json keeps what held.

python -m tests.proofs.run lockstep --seconds 3600 --seed 7
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.proofs import blocks, ead, explore, faults, lockstep, numbers, planner, shelves, trace
from tests.proofs.campaign import Campaign, run

CAMPAIGNS: dict[str, Campaign] = {
    one.name: one
    for one in (
        *(module.CAMPAIGN for module in (planner, lockstep, trace, shelves, numbers, faults, ead)),
        *explore.CAMPAIGNS,
        *blocks.CAMPAIGNS,
    )
}
SECONDS = 180


def main(argv: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="make prove", description=__doc__)
    asked.add_argument("targets", nargs="*", help=f"of {', '.join(CAMPAIGNS)}; all without one")
    asked.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help="for each target (default %(default)s); what visits every state takes as long as it takes",
    )
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--fresh", action="store_true", help="begin at case 0 again")
    asked.add_argument("--folder", type=Path, default=Path(__file__).parent, help="where the results are kept")
    options = asked.parse_args(argv)
    if unknown := set(options.targets) - set(CAMPAIGNS):
        asked.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(CAMPAIGNS)}")
    held = True
    for name in options.targets or CAMPAIGNS:
        print(f"{name}: {options.seconds:g} s, seed {options.seed} …", flush=True)
        result = run(CAMPAIGNS[name], options.folder, seconds=options.seconds, seed=options.seed, fresh=options.fresh)
        if result.model:
            print(f"{name}: the model: {result.model}")
        counted = ", ".join(f"{count} {what}" for what, count in result.counts.items())
        table = CAMPAIGNS[name].table
        told = "\n" + table(result.counts) if table else counted
        print(f"{name}: {result.result}: {result.cases} cases in {result.seconds} s: {told}")
        for violation in result.violations:
            held = False
            print(f"  case {violation['case']}: {violation['what']}", file=sys.stderr)
            for line in violation["story"]:  # type: ignore[attr-defined]
                print(f"    {line}", file=sys.stderr)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
