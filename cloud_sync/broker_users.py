"""Who may connect to the broker: ``name:hash`` a line in mosquitto's format, written whole and swapped in."""

from __future__ import annotations

import os
from pathlib import Path

CENTRE = "centre"  # the centre's own user; a node may not be called so


def read(path: Path) -> dict[str, str]:
    """name → hash. Empty when nobody was enrolled yet."""
    if not path.exists():
        return {}
    lines = path.read_text("ascii").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def put(path: Path, name: str, password_hash: str | None) -> None:
    """Add or replace one user; ``None`` removes it."""
    users = read(path)
    users.pop(name, None)
    if password_hash is not None:
        users[name] = password_hash
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{user}:{value}\n" for user, value in sorted(users.items()))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
