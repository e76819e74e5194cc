"""Cells that a spreadsheet program would run: written harmless, read back as they were.

The rule, also for readers of our files: where the first character that is no blank is one of ``= + - @`` (also in full
width), a tab, a line break or an apostrophe, one apostrophe is put before the cell. Whoever takes exactly one leading
apostrophe off every cell that has one gets back what the store holds.
"""

from __future__ import annotations

_RISKY = frozenset("=+-@＝＋－＠\t\r\n'")


def guard(text: str) -> str:
    risky = text[:1] in _RISKY or text.lstrip()[:1] in _RISKY
    return f"'{text}" if text and risky else text


def unguard(text: str) -> str:
    return text[1:] if text.startswith("'") else text
