"""What people did at the centre, as lines for whoever audits it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from edge.words import catalogue

WORDS = Path(__file__).parent.parent / "words"


def lines(deeds: list[dict[str, Any]], language: str, zone: str) -> list[tuple[str, str, str, str]]:
    """When, who, what, about what; in the order given."""
    words = catalogue(language, folder=WORDS)

    def said(name: str, value: object) -> str:
        if isinstance(value, list):
            told = (
                ", ".join(words.get(f"console.right.{one}", words.get(f"role.{one}", str(one))) for one in value) or "–"
            )
        else:
            told = words.get(f"register.name.{value}", str(value)) if name == "register" else str(value)
        return f"{words.get(f'deed_field.{name}', name)} {told}"

    def at(ms: int) -> str:
        return datetime.fromtimestamp(ms / 1000, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")

    return [
        (
            at(deed["at_ms"]),
            words.get(f"deed_by.{deed['person']}", deed["person"]),
            words.get(f"deed.{deed['deed']}", deed["deed"]),
            " · ".join(said(name, value) for name, value in deed["about"].items() if value not in ("", None)),
        )
        for deed in deeds
    ]
