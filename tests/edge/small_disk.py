"""A disk of its own that a test can fill."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import needs

AS_ROOT = [] if os.geteuid() == 0 or os.environ.get("CI") != "true" else ["sudo", "-n"]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """``size`` as mount writes it: 1200k, 4m."""
    folder.mkdir()
    mount = [*AS_ROOT, "mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", folder]
    needs.needed(not subprocess.run(mount, capture_output=True).returncode, "mounting a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run([*AS_ROOT, "umount", folder], check=True)


def resize(folder: Path, size: str) -> None:
    subprocess.run([*AS_ROOT, "mount", "-o", f"remount,size={size}", folder], check=True)
