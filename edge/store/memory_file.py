"""A file that lies in memory alone: what somebody uploads leaves no plain copy on the card."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def memory_file(name: str, content: bytes) -> Iterator[Path]:
    """A path of that name, readable while the ``with`` lasts."""
    with tempfile.TemporaryDirectory() as folder, os.fdopen(os.memfd_create("upload"), "wb") as file:
        file.write(content)
        file.flush()
        path = Path(folder) / (Path(name).name or "upload")
        path.symlink_to(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        yield path
