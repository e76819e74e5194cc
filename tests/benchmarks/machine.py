"""On what machine the figures were taken, and how busy it was."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from sqlcipher3.dbapi2 import sqlite_version

from hardware_tests.virtual.board_process import best_interpreter


def describe() -> dict[str, object]:
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite_version,
        "virtual_boards": {"micropython": "real MicroPython VMs", "cpython": "firmware under CPython"}[
            best_interpreter()
        ],
        "load_before": round(os.getloadavg()[0], 1),
        "commit": _commit(),
    }


def _processor() -> str:
    """A Pi names its board in the device tree and no model in cpuinfo."""
    board = Path("/proc/device-tree/model")
    if board.exists():
        return board.read_text("utf-8").rstrip("\0")
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip()
