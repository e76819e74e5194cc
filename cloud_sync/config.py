"""``central.toml`` → frozen dataclasses. Unknown and missing keys and bad ranges are reported together, with lines."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from edge.config_table import Problems, Table
from edge.errors import InputRefused
from edge.words import LANGUAGES, Words


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

WORDS = Path(__file__).parent / "words"
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
    problems, here = Problems(text), path.resolve().parent
    top = Table(raw, (), problems)
    config = Config(_central(top.table("central"), here), _broker(top.table("broker"), here, problems), path.resolve())
    top.finish()
    if found := problems.in_order():
        raise InputRefused("central_config_wrong", "mend_central_config", file=str(path), problems=found)
    return config


def _central(central: Table, here: Path) -> Central:
    return Central(
        name=central.text("name", default="Storeroom"),
        host=central.text("host", default="127.0.0.1"),
        port=central.whole("port", 1, 65535, default=8090),
        data_dir=central.path("data_dir", here),
        keys_dir=central.path("keys_dir", here),
        zone=central.zone("zone", default="Asia/Shanghai"),
        language=central.choice("language", LANGUAGES, default="zh-Hans"),
    )


def _broker(table: Table, here: Path, problems: Problems) -> Broker:
    broker = Broker(
        supervised=table.flag("supervised", default=True),
        host=table.text("host", default="127.0.0.1"),
        port=table.whole("port", 1, 65535, default=1883),
        users_file=table.path("users_file", here),
        store_dir=table.path("store_dir", here),
        certificate_file=table.maybe_path("certificate", here),
        certificate_key_file=table.maybe_path("certificate_key", here),
        ca_file=table.maybe_path("ca", here),
    )
    if (broker.certificate_file is None) != (broker.certificate_key_file is None):
        problems.add(("broker", "certificate"), Words("central_config.certificate_pair", folder=WORDS))
    if broker.supervised and broker.host not in _LOOPBACK and broker.certificate_file is None:
        open_host = Words("central_config.open_host", {"host": broker.host}, WORDS)
        problems.add(("broker", "host"), open_host)
    return broker
