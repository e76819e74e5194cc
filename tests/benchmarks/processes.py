"""Memory and processor time of a process, and who its children are, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """Direct and further ones."""
    parents: dict[int, int] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has just ended
    found, grown = {pid}, True
    while grown:
        new = {child for child, parent in parents.items() if parent in found} - found
        grown = bool(new)
        found |= new
    return sorted(found - {pid})


def command(pid: int) -> str:
    return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()


def cpu_s(pid: int) -> float:
    """Processor time that it has used, its own and the kernel's for it."""
    fields = (PROC / str(pid) / "stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> tuple[float, float | None]:
    """(resident, resident with shared pages divided among their users); the second is None where not allowed."""
    resident = 0.0
    for line in (PROC / str(pid) / "status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            resident = int(line.split()[1]) / 1024
    try:
        rollup = (PROC / str(pid) / "smaps_rollup").read_text("utf-8")
    except OSError:
        return resident, None
    shared = [int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:")]
    return resident, shared[0] if shared else None
