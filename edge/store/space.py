"""What the operating system's refusal to write means, in the store's own words."""

from __future__ import annotations

import errno
from pathlib import Path

from edge.errors import StoreError


def refusal(error: OSError, path: Path) -> StoreError:
    """``disk_full`` when there is no room (or no quota) left, else ``disk_refuses``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError("disk_full", "free_disk_space", path=str(path))
    return StoreError("disk_refuses", "check_disk", path=str(path))
