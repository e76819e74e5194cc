"""All tests in two parts that run side by side: ``python -m tests.run [pytest options]``.

What needs real time or a browser mostly waits, so it goes first in line for the cores; everything else fills the gaps
at the lowest priority. Where ``CI=true`` that part also counts covered lines, which doubles the time of pure Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

PYTEST = [sys.executable, "-m", "pytest", "-q"]
QUICK = ["-n", "2", "-m", "not live and not browser"]
REAL_TIME = ["-m", "live or browser"]
COVERED = ["--cov=edge", "--cov=cloud_sync", "--cov=firmware", "--cov-report=term:skip-covered"]
NOTHING_SELECTED = 5  # pytest's exit code where -k or a path chose tests of the other part only


def main(chosen: list[str]) -> int:
    began = time.monotonic()
    covered = COVERED if os.environ.get("CI") == "true" else []
    with tempfile.TemporaryFile("w+") as said:
        quick = subprocess.Popen(
            [*PYTEST, *QUICK, *covered, *chosen], stdout=said, stderr=subprocess.STDOUT, preexec_fn=lambda: os.nice(19)
        )
        try:
            real_time = subprocess.run([*PYTEST, *REAL_TIME, *chosen], check=False).returncode
            quick.wait()
        finally:
            quick.terminate()
            quick.wait()
        said.seek(0)
        sys.stdout.write(said.read())
    codes = {quick.returncode, real_time}
    if codes != {NOTHING_SELECTED}:
        codes -= {0, NOTHING_SELECTED}
    sys.stdout.write(f"{'failed' if codes else 'passed'} in {time.monotonic() - began:.0f} s\n")
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
