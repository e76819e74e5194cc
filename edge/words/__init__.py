"""Words for people in Simplified Chinese, Traditional Chinese and English: one TOML file an area.

``[panel.stop]`` with the keys ``zh-Hans``, ``zh-Hant`` and ``en`` in ``panel.toml`` is the msgid ``panel.stop``.
Placeholders are ``{name}``. A msgid that lacks a language is refused at load, so it never reaches a screen.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh-Hans", "zh-Hant", "en")


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
def load(folder: Path = Path(__file__).parent) -> dict[str, dict[str, str]]:
    """All msgids of the ``*.toml`` files in ``folder`` → language → text. Raises ValueError on a gap or a twin."""
    words: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for msgid, texts in _flatten(tomllib.loads(path.read_text("utf-8"))).items():
            if msgid in words:
                raise ValueError(f"{msgid}: defined twice, the second time in {path.name}")
            words[msgid] = texts
    return words


def say(language: str, msgid: str, folder: Path = Path(__file__).parent, **params: Any) -> str:
    """The words of ``msgid``, placeholders filled. KeyError for a msgid that no catalogue has."""
    text = load(folder)[msgid][language]
    return text.format(**params) if params else text


def catalogue(language: str, prefix: str = "", folder: Path = Path(__file__).parent) -> dict[str, str]:
    """msgid → text of one language, for a browser."""
    return {msgid: texts[language] for msgid, texts in load(folder).items() if msgid.startswith(prefix)}
