"""A file that appears under its name, or takes its predecessor's place, only when it is whole and on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from edge.errors import InputRefused
from edge.store.space import refusal


@contextmanager
def appears_whole(out: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A file beside ``out``, for its owner alone; becomes ``out`` at a good end and goes at a bad one.

    InputRefused ``export_exists``; StoreError ``disk_full``, ``disk_refuses``.
    """
    if out.exists():
        raise InputRefused("export_exists", "choose_other_name", file=out.name)
    part = out.with_name(f".{out.name}.part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield part, file
            part.rename(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise refusal(error, out) from error


def replace_whole(path: Path, content: bytes) -> None:
    """Old content or new content, whatever the power does meanwhile. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is on the disk too
    finally:
        os.close(folder)
