"""Words for people in Simplified Chinese, Traditional Chinese and English: one TOML file an area.

``[panel.stop]`` with the keys ``zh-Hans``, ``zh-Hant`` and ``en`` in ``panel.toml`` is the msgid ``panel.stop``.
Placeholders are ``{name}``; ``{count:alarm|alarms}`` says the number with the form it asks for, where a language has
two: "1 alarm", "3 alarms". A msgid that lacks a language is refused at load, so it never reaches a screen.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
HERE = Path(__file__).parent
CODED = {  # parameters that are codes: the table of their words
    "field": "field",
    "fault": "fault",
    "circuits": "proof",
    "column_state": "panel.run",
    "loan_state": "panel.loan",
    "loan_wanted": "panel.loan",
    "bay_state": "panel.stock.bay",
    "difference_state": "panel.stock.state",
    "difference_wanted": "panel.stock.state",
}
COUNTED = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")  # name, form for one, form for all others


@dataclass(frozen=True, slots=True)
class Words:
    """Something that will be said in a language not known yet: a parameter of other words, alone or in a list."""

    msgid: str
    params: dict[str, Any] = field(default_factory=dict)
    folder: Path = HERE


def _flatten(table: dict[str, Any], prefix: str = "") -> dict[str, dict[str, str]]:
    if set(table) & set(LANGUAGES):
        missing = [language for language in LANGUAGES if not table.get(language)]
        if missing:
            raise ValueError(f"{prefix[:-1]}: no words in {', '.join(missing)}")
        return {prefix[:-1]: table}
    flat: dict[str, dict[str, str]] = {}
    for name, value in table.items():
        flat.update(_flatten(value, f"{prefix}{name}."))
    return flat


@cache
def load(folder: Path = HERE) -> dict[str, dict[str, str]]:
    """All msgids of the ``*.toml`` files in ``folder`` → language → text. Raises ValueError on a gap or a twin."""
    words: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for msgid, texts in _flatten(tomllib.loads(path.read_text("utf-8"))).items():
            if msgid in words:
                raise ValueError(f"{msgid}: defined twice, the second time in {path.name}")
            words[msgid] = texts
    return words


def say(language: str, msgid: str, folder: Path = HERE, /, **params: Any) -> str:
    """The words of ``msgid``, placeholders filled; a list of Words, a line each. KeyError for an unknown msgid."""
    text = load(folder)[msgid][language]
    if not params:
        return text
    known = load(folder)
    named = {name: _named(known, language, table, params[name]) for name, table in CODED.items() if name in params}
    text = COUNTED.sub(lambda found: f"{{{found[1]}}} {found[2 if str(params[found[1]]) == '1' else 3]}", text)
    return text.format(**{name: spoken(language, value) for name, value in (params | named).items()})


def _named(known: dict[str, dict[str, str]], language: str, table: str, value: Any) -> Any:
    """The words for a code, or for several with ", " between them; what has none stays as it is."""
    if not isinstance(value, str):
        return value
    parts = [known.get(f"{table}.{part}", {}).get(language, part) for part in value.split(", ")]
    return (", " if language == "en" else "、").join(parts)


def spoken(language: str, value: Any) -> Any:
    """Words, alone or in a list, in ``language``; anything else as it is."""
    if isinstance(value, Words):
        return say(language, value.msgid, value.folder, **value.params)
    if isinstance(value, list) and value and isinstance(value[0], Words):
        return "\n".join(spoken(language, part) for part in value)
    return value


def catalogue(language: str, prefix: str = "", folder: Path = HERE) -> dict[str, str]:
    """msgid → text of one language, for a browser."""
    return {msgid: texts[language] for msgid, texts in load(folder).items() if msgid.startswith(prefix)}
