"""All tests in two lanes, the README's own command: what only needs the processor, and what needs real time.

``python -m tests.lanes [pytest arguments]``. Boards, buses and people of the live lane mostly wait, but when they are
due they must run at once and their disk must answer: at a desk both lanes run at once, the quick one only on what the
live one leaves, its files in memory where there is room. The gate counts lines too, which takes the processor for
itself: there what is counted comes first, and beside the live lane run only the boards in virtual time.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

# Counting covered lines doubles the time of pure Python: the gate prints it, a person at a desk need not wait for it.
# What runs in real time is never slowed by it, nor the firmware in virtual time: its loops, not counted themselves,
# take five times as long under the counter, and what they reach of edge/ has tests of its own that are counted.
COVER = ("--cov=edge", "--cov=cloud_sync", "--cov-report=term:skip-covered")
# Two more than the fewest cores there are, because many wait for a socket or a process.
WORKERS = ("-n", "4", "--dist", "worksteal")
QUICK = (*WORKERS, "-m", "not live")
COUNTED = (*WORKERS, "-m", "not live and not virtual_time", *COVER)
NOT_COUNTED = (*WORKERS, "-m", "not live and virtual_time")
YIELDING = ("-o", "timeout=360")  # seconds a test may take that gives way to others; elsewhere pyproject.toml's
LIVE = ("-m", "live")
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30

PASSED, NOTHING_CHOSEN = 0, 5  # pytest's own exit codes


def run(arguments: list[str], out: Path) -> int:
    """All lanes with the same ``arguments``; what the live one says while another speaks follows from ``out``."""
    if os.environ.get("CI") == "true":
        counted = subprocess.call(command(*COUNTED, *arguments))
        return verdict([counted, *beside_each_other(NOT_COUNTED, arguments, out)])
    return verdict(beside_each_other(QUICK, arguments, out))


def beside_each_other(quick_lane: tuple[str, ...], arguments: list[str], out: Path) -> list[int]:
    """The exit codes of ``quick_lane``, which gives way, and of the live one."""
    with out.open("wb") as words, kept_in_memory() as folder:
        live = subprocess.Popen(command(*LIVE, *arguments), stdout=words, stderr=subprocess.STDOUT)
        quick = subprocess.Popen(
            command(*quick_lane, *YIELDING, *folder, *arguments), start_new_session=True, preexec_fn=give_way
        )
        try:
            codes = [quick.wait(), live.wait()]
        except KeyboardInterrupt:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(quick.pid, signal.SIGINT)
            codes = [quick.wait(), live.wait()]
    print(f"\n== live\n{out.read_text(errors='replace')}")
    return codes


def verdict(codes: list[int]) -> int:
    """0 if a test ran and none failed. A lane for which the arguments chose no test has nothing against it."""
    ran = [code for code in codes if code != NOTHING_CHOSEN]
    return next((code for code in ran if code != PASSED), PASSED if ran else NOTHING_CHOSEN)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", *arguments]


def give_way() -> None:
    """In the child: the processor only when nobody else wants it. Sessions share it group by group where Linux is so
    set, and then a policy counts only within the group: so the group gives way too."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text("19")


@contextlib.contextmanager
def kept_in_memory():
    """pytest's option for a folder whose files no disk has to keep, gone afterwards; none where memory is short. Its
    path is short: sockets lie in it."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        yield ()
        return
    with tempfile.TemporaryDirectory(prefix="sr-", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield (f"--basetemp={folder}/t",)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    spoken = Path("build/live-tests.txt")
    spoken.parent.mkdir(exist_ok=True)
    sys.exit(run(sys.argv[1:], spoken))
