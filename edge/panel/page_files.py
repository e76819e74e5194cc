"""Static files under a path that names their content, so a browser keeps them for ever and never shows old ones."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
mimetypes.add_type("text/javascript", ".js")


@cache
def build_id(folder: Path = STATIC) -> str:
    """12 hex digits over all static files: ES modules import each other by relative path, so one id names them all."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def static_file(name: str, folder: Path = STATIC) -> Path | None:
    """The file of that relative name, or None where there is none inside ``folder``."""
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
