"""``central.toml`` → frozen dataclasses. Unknown and missing keys and bad ranges are reported together, with lines."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from edge.errors import InputRefused
from edge.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Central:
    name: str
    host: str
    port: int
    data_dir: Path
    keys_dir: Path
    zone: str
    language: str


@dataclass(frozen=True, slots=True)
class Broker:
    """``users_file``: ``name:hash`` a line, mosquitto's own format. ``store_dir``: only for the supervised broker."""

    supervised: bool
    host: str
    port: int
    users_file: Path
    store_dir: Path
    certificate_file: Path | None
    certificate_key_file: Path | None
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class Config:
    central: Central
    broker: Broker
    path: Path


TEMPLATE = """\
[central]
name = "{name}"
host = "127.0.0.1"     # where the console listens; put a TLS proxy in front before it leaves this machine
port = {port}
data_dir = "data"
keys_dir = "keys"      # back it up apart from the data: without the signing key no node believes the centre
zone = "{zone}"
language = "{language}"

[broker]
supervised = true      # false: an own broker, see `storeroom-central broker-config`
host = "127.0.0.1"     # nodes connect here; other than loopback needs certificate and certificate_key
port = {broker_port}
users_file = "broker/users"
store_dir = "broker/store"
"""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def load(path: Path) -> Config:
    """Read and check ``path``. Raises InputRefused: unreadable, not TOML, ``central_config_wrong`` (all problems)."""
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except OSError as error:
        raise InputRefused("central_config_unreadable", "check_central_config", file=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputRefused("central_config_not_toml", "mend_central_config", file=str(path), why=str(error)) from error
    reader = _Reader(raw, text, path.resolve().parent)
    config = Config(_central(reader), _broker(reader), path.resolve())
    reader.leftovers()
    if reader.problems:
        problems = "\n".join(f"line {line}: {problem}" for line, problem in sorted(reader.problems))
        raise InputRefused("central_config_wrong", "mend_central_config", file=str(path), problems=problems)
    return config


def _central(reader: _Reader) -> Central:
    central = Central(
        name=reader.text("central", "name", "Storeroom"),
        host=reader.text("central", "host", "127.0.0.1"),
        port=reader.port("central", "port", 8090),
        data_dir=reader.path("central", "data_dir"),
        keys_dir=reader.path("central", "keys_dir"),
        zone=reader.text("central", "zone", "Asia/Shanghai"),
        language=reader.text("central", "language", "zh-Hans"),
    )
    if central.language not in LANGUAGES:
        reader.problem("central", "language", f"one of {', '.join(LANGUAGES)}, not {central.language!r}")
    try:
        ZoneInfo(central.zone)
    except (ZoneInfoNotFoundError, ValueError):
        reader.problem("central", "zone", f"{central.zone!r} is no time zone")
    return central


def _broker(reader: _Reader) -> Broker:
    broker = Broker(
        supervised=reader.flag("broker", "supervised", True),
        host=reader.text("broker", "host", "127.0.0.1"),
        port=reader.port("broker", "port", 1883),
        users_file=reader.path("broker", "users_file"),
        store_dir=reader.path("broker", "store_dir"),
        certificate_file=reader.maybe_path("broker", "certificate"),
        certificate_key_file=reader.maybe_path("broker", "certificate_key"),
        ca_file=reader.maybe_path("broker", "ca"),
    )
    if (broker.certificate_file is None) != (broker.certificate_key_file is None):
        reader.problem("broker", "certificate", "certificate and certificate_key come together")
    if broker.supervised and broker.host not in _LOOPBACK and broker.certificate_file is None:
        reader.problem(
            "broker", "host", f"{broker.host} is reachable from outside: give certificate and certificate_key"
        )
    return broker


class _Reader:
    """Takes values out of the parsed file, remembering what was wrong and what nobody asked for."""

    def __init__(self, raw: dict[str, Any], text: str, folder: Path) -> None:
        self._raw, self._lines, self._folder = raw, text.splitlines(), folder
        self._asked: dict[str, set[str]] = {}
        self.problems: list[tuple[int, str]] = []

    def problem(self, table: str, key: str, what: str) -> None:
        self.problems.append((self._line(table, key), f"[{table}] {key}: {what}"))

    def text(self, table: str, key: str, default: str | None = None) -> str:
        value = self._value(table, key, default, str)
        if value == "":
            self.problem(table, key, "is empty")
        return str(value)

    def flag(self, table: str, key: str, default: bool) -> bool:
        return bool(self._value(table, key, default, bool))

    def port(self, table: str, key: str, default: int) -> int:
        value = self._value(table, key, default, int)
        if not 1 <= value <= 65535:
            self.problem(table, key, f"a port is 1 to 65535, not {value}")
        return int(value)

    def path(self, table: str, key: str) -> Path:
        return self._folder / self.text(table, key)

    def maybe_path(self, table: str, key: str) -> Path | None:
        value = self._value(table, key, "", str)
        return self._folder / value if value else None

    def leftovers(self) -> None:
        for table, content in self._raw.items():
            if table not in self._asked or not isinstance(content, dict):
                self.problems.append((self._line(table, ""), f"{table}: unknown"))
                continue
            for key in sorted(set(content) - self._asked[table]):
                self.problem(table, key, "unknown key")

    def _value(self, table: str, key: str, default: Any, kind: type) -> Any:
        self._asked.setdefault(table, set()).add(key)
        content = self._raw.get(table, {})
        value = content.get(key, default) if isinstance(content, dict) else default
        if value is None:
            self.problem(table, key, "missing")
            return "?"
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.problem(table, key, f"{value!r} is not {'a whole number' if kind is int else kind.__name__}")
            return default if default is not None else "?"
        return value

    def _line(self, table: str, key: str) -> int:
        inside, header = False, 1
        for number, line in enumerate(self._lines, 1):
            if re.match(rf"\s*\[{re.escape(table)}\]", line) or (
                not key and re.match(rf"\s*{re.escape(table)}\s*=", line)
            ):
                inside, header = True, number
            elif re.match(r"\s*\[", line):
                inside = False
            elif inside and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return header
