"""Typed reading of one TOML table: each key is read once, and what nobody read is a problem too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from edge.words import Words

Where = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


class Problems:
    """What is wrong with one file, each with the line of its key (or of the table that lacks it)."""

    def __init__(self, text: str) -> None:
        self._found: list[tuple[int, Words]] = []
        self._lines = dict(_lines(text))

    def add(self, where: Where, what: Words) -> None:
        at = where
        while at and at not in self._lines:
            at = at[:-1]
        dotted = ".".join(str(part) for part in where if not isinstance(part, int))
        line = self._lines.get(at, 1)
        self._found.append((line, Words("config_problem.at", {"line": line, "where": dotted, "what": what})))

    def in_order(self) -> list[Words]:
        """By line; empty when the file is good."""
        return [what for _line, what in sorted(self._found, key=lambda found: found[0])]


def _lines(text: str) -> Iterator[tuple[Where, int]]:
    """(where, line number) of each table header and key; array tables carry their index."""
    table: Where = ()
    counts: dict[Where, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = tuple(header[2].split("."))
            parent: Where = ()
            for name in names[:-1]:
                parent = (*parent, name)
                if parent in counts:
                    parent = (*parent, counts[parent] - 1)
            table = (*parent, names[-1])
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, key[1]), number


class Table:
    """One table; readers return a harmless value after noting a problem, so that all problems are found at once."""

    def __init__(self, raw: dict[str, Any], where: Where, problems: Problems) -> None:
        self._raw, self._where, self._problems = raw, where, problems
        self._read: set[str] = set()
        self._children: list[Table] = []

    def text(self, key: str, *, pattern: str = r"(?s).+", default: str | None = None) -> str:
        value = self._value(key, str, default, "")
        if isinstance(value, str) and key in self._raw and not re.fullmatch(pattern, value):
            self._problems.add((*self._where, key), _problem("pattern", value=value, pattern=pattern))
        return str(value)

    def choice(self, key: str, options: tuple[str, ...], *, default: str | None = None) -> str:
        value = str(self._value(key, str, default, options[0]))
        if value not in options:
            self._problems.add((*self._where, key), _problem("none_of", value=value, options=", ".join(options)))
        return value

    def whole(self, key: str, lowest: int, highest: int, *, default: int | None = None) -> int:
        value = int(self._value(key, int, default, lowest))
        if not lowest <= value <= highest:
            self._problems.add(
                (*self._where, key), _problem("out_of_range", value=value, lowest=lowest, highest=highest)
            )
        return value

    def number(self, key: str, lowest: float, highest: float, *, default: float) -> float:
        """A number that may have a fraction."""
        whole = isinstance(self._raw.get(key), int)
        value = float(self._value(key, int if whole else float, default, default))
        if not lowest <= value <= highest:
            self._problems.add(
                (*self._where, key), _problem("out_of_range", value=value, lowest=lowest, highest=highest)
            )
        return value

    def numbers(self, key: str, count: int, lowest: float, highest: float) -> tuple[float, ...]:
        """``count`` numbers in a list; whole ones where ``lowest`` is whole."""
        values = self._value(key, list, [], [])
        kinds = (int,) if isinstance(lowest, int) else (int, float)
        good = all(isinstance(one, kinds) and not isinstance(one, bool) and lowest <= one <= highest for one in values)
        if len(values) != count or not good:
            self.wrong(key, _problem("not_numbers", count=count, lowest=lowest, highest=highest))
        return tuple(values)

    def one_of(self, key: str, options: tuple[int, ...], *, default: int) -> int:
        value = int(self._value(key, int, default, default))
        if value not in options:
            self._problems.add(
                (*self._where, key), _problem("none_of", value=value, options=", ".join(map(str, options)))
            )
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        return bool(self._value(key, bool, default, default))

    def zone(self, key: str, *, default: str) -> str:
        """A name of the time zone database."""
        value = self.text(key, default=default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            self._problems.add((*self._where, key), _problem("no_zone", value=value))
        return value

    def path(self, key: str, here: Path) -> Path:
        """A path; a relative one counts from the folder of the file."""
        return here / self.text(key)

    def maybe_path(self, key: str, here: Path) -> Path | None:
        return self.path(key, here) if key in self._raw else None

    def table(self, key: str) -> Table:
        return self._child(self._value(key, dict, None, {}), (*self._where, key))

    def maybe(self, key: str) -> Table | None:
        return self.table(key) if key in self._raw else None

    def tables(self, key: str) -> list[Table]:
        value = self._value(key, list, [], [])
        return [self._child(part, (*self._where, key, index)) for index, part in enumerate(value)]

    def names(self) -> tuple[str, ...]:
        """What the table says, where its keys are names of something."""
        return tuple(self._raw)

    def wrong(self, key: str, what: Words) -> None:
        """``key`` "": the table as a whole. It needs no reading then."""
        self._read.add(key)
        self._problems.add((*self._where, key) if key else self._where, what)

    def finish(self) -> None:
        """Every key that nobody read is a problem."""
        for key in self._raw:
            if key not in self._read:
                self._problems.add((*self._where, key), _problem("unknown_key"))
        for child in self._children:
            child.finish()

    def _child(self, raw: Any, where: Where) -> Table:
        child = Table(raw if isinstance(raw, dict) else {}, where, self._problems)
        self._children.append(child)
        return child

    def _value(self, key: str, kind: type, default: Any, harmless: Any) -> Any:
        self._read.add(key)
        if key not in self._raw:
            if default is None:
                self._problems.add((*self._where, key), _problem("missing"))
                return harmless
            return default
        value = self._raw[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self._problems.add((*self._where, key), _problem(f"not_{kind.__name__}", value=value))
            return harmless
        return value


def _problem(code: str, **params: Any) -> Words:
    return Words(f"config_problem.{code}", params)
