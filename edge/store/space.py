"""How much room the disk has, and what its refusal to write means, in the store's own words."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from edge.domain import disk_room
from edge.errors import StoreError


def free_mb(folder: Path) -> int:
    return shutil.disk_usage(folder).free >> 20


def require_room(path: Path) -> None:
    """For what is large and can wait. StoreError ``disk_tight``: what is left is the trace's and the alarms'."""
    free = free_mb(path.parent)
    if not disk_room.takes_bulk(free):
        raise StoreError("disk_tight", "free_disk_space", free_mb=free, path=str(path.parent))


def refusal(error: OSError, path: Path) -> StoreError:
    """``disk_full`` when there is no room (or no quota) left, else ``disk_refuses``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError("disk_full", "free_disk_space", path=str(path))
    return StoreError("disk_refuses", "check_disk", path=str(path))
