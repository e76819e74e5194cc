"""All tests in two lanes at once, the README's own command: what only needs the processor beside what needs real time.

``python -m tests.lanes [pytest arguments]``. Boards, buses and people of the live lane mostly wait, but when they are
due they must run at once and their disk must answer: so the quick lane gives way, and keeps its files in memory where
there is room.
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
# What runs in real time is never slowed by it, nor the firmware, whose loops run millions of times in lock-step.
COVER = ("--cov=edge", "--cov=cloud_sync", "--cov-report=term:skip-covered")
# One more than there are cores, because many wait for a socket or a process; a test that yields may take longer.
QUICK = ("-n", "3", "--dist", "worksteal", "-m", "not live", "-o", "timeout=360")
LIVE = ("-m", "live")
GIVES_WAY = 10  # a tenth of a share; at 19 its own browsers and sockets wait for longer than their tests do
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30

PASSED, NOTHING_CHOSEN = 0, 5  # pytest's own exit codes


def run(arguments: list[str], out: Path) -> int:
    """Both lanes with the same ``arguments``: the quick one speaks as it goes, what the live one said follows."""
    cover = COVER if os.environ.get("CI") == "true" else ()
    with out.open("wb") as words, kept_in_memory() as folder:
        live = subprocess.Popen(command(*LIVE, *arguments), stdout=words, stderr=subprocess.STDOUT)
        quick = subprocess.Popen(
            command(*QUICK, *cover, *folder, *arguments),
            start_new_session=True,
            preexec_fn=give_way,
        )
        try:
            codes = [quick.wait(), live.wait()]
        except KeyboardInterrupt:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(quick.pid, signal.SIGINT)
            codes = [quick.wait(), live.wait()]
    print(f"\n== live\n{out.read_text(errors='replace')}")
    return verdict(codes)


def verdict(codes: list[int]) -> int:
    """0 if a test ran and none failed. A lane for which the arguments chose no test has nothing against it."""
    ran = [code for code in codes if code != NOTHING_CHOSEN]
    return next((code for code in ran if code != PASSED), PASSED if ran else NOTHING_CHOSEN)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", *arguments]


def give_way() -> None:
    """In the child: whoever must run at once goes before it. Sessions share the processor group by group where Linux
    is so set, and then a process counts only within its group: so the group gives way too."""
    os.nice(GIVES_WAY)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(GIVES_WAY))


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
