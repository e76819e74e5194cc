"""The only caller of wall and monotonic time in edge/ (a Pi has no battery clock, so the wall clock can lie)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def utc_ms(self) -> int:
        """Wall time, milliseconds since 1970 UTC. May jump."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds since this boot. Never jumps, meaningless across boots."""
        ...

    def boot_id(self) -> str:
        """Changes at every boot of the machine; pairs with ``monotonic_ms``."""
        ...

    def trusted(self) -> bool:
        """Whether the wall time was set from outside since boot."""
        ...


class SystemClock:
    """Linux: wall and boot-time clocks, the kernel's boot id, and timesyncd's or chrony's mark for trust."""

    def utc_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def boot_id(self) -> str:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()

    def trusted(self) -> bool:
        return Path("/run/systemd/timesync/synchronized").exists()


def iso_utc(utc_ms: int) -> str:
    """``2026-11-22T03:04:05.678Z`` of milliseconds since 1970."""
    moment = datetime.fromtimestamp(utc_ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc_ms % 1000:03d}Z"
