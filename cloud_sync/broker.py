"""The supervised broker: one nats-server (MQTT 3.1.1 on JetStream) on an inner loopback port, behind the gate.

Every node's user may publish only below its own ``up/`` and its own ``state``, and subscribe only below its own
``down/``. The configuration is written anew and reloaded whenever the users file changes.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import sysconfig
import threading
import time
from pathlib import Path

from cloud_sync import broker_users
from cloud_sync.broker_users import CENTRE
from cloud_sync.config import Broker
from cloud_sync.gate import Gate
from edge.errors import LinkFault

RESTART_BUDGET = 5  # starts within RESTART_WINDOW_S; beyond it only one try per RESTART_PAUSE_S
RESTART_WINDOW_S = 60.0
RESTART_PAUSE_S = 30.0
READY_WITHIN_S = 20.0

log = logging.getLogger(__name__)


def permissions(user: str) -> dict[str, list[str]]:
    """NATS subjects (dots for slashes) that ``user`` may publish and subscribe to."""
    # $MQTT.sub.> is where nats-server delivers a session's own QoS 1 messages; a client cannot subscribe to it by name.
    if user == CENTRE:
        return {
            "publish": ["storeroom.v1.*.down.>"],
            "subscribe": ["storeroom.v1.*.up.>", "storeroom.v1.*.state", "$MQTT.sub.>"],
        }
    return {
        "publish": [f"storeroom.v1.{user}.up.>", f"storeroom.v1.{user}.state"],
        "subscribe": [f"storeroom.v1.{user}.down.>", f"storeroom.v1.{user}.down", "$MQTT.sub.>"],
    }


def nats_config(users: list[str], *, port: int, password: str, store_dir: Path) -> str:
    """nats-server's configuration; its parser reads JSON."""
    return json.dumps(
        {
            "server_name": "storeroom",
            "host": "127.0.0.1",
            "port": -1,  # the native protocol cannot be switched off: a random port that no user may use
            "pid_file": str(store_dir / "nats.pid"),
            "jetstream": {"store_dir": str(store_dir), "sync_interval": "always"},
            "mqtt": {"host": "127.0.0.1", "port": port, "ack_wait": "60s", "max_ack_pending": 64},
            "authorization": {
                "users": [
                    {
                        "user": user,
                        "password": password,
                        "allowed_connection_types": ["MQTT"],
                        "permissions": {way: {"allow": subjects} for way, subjects in permissions(user).items()},
                    }
                    for user in users
                ]
            },
        },
        indent=1,
    )


class SupervisedBroker:
    """Keeps nats-server and the gate running until closed; users may be added to the users file at any time."""

    def __init__(self, settings: Broker) -> None:
        self._settings = settings
        self._inner_password = secrets.token_urlsafe(32)
        self._inner_port = 0
        self._hashes: dict[str, str] = {}
        self._users_seen: tuple[int, int] = (0, 0)
        self._child: subprocess.Popen[bytes] | None = None
        self._starts: list[float] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="broker", daemon=True)
        self._gate = Gate(
            settings.host,
            settings.port,
            hashes=lambda: self._hashes,
            inner_port=lambda: self._inner_port,
            inner_password=self._inner_password,
            tls=_tls(settings),
        )

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    @property
    def ready(self) -> bool:
        return self.pid is not None and _listens(self._inner_port)

    def start(self) -> None:
        """Raises LinkFault when the port is taken, nats-server is not installed or does not come up."""
        self._settings.store_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._read_users()
        try:
            self._gate.start()
        except OSError as error:
            where = f"{self._settings.host}:{self._settings.port}"
            raise LinkFault("broker_port_taken", "free_broker_port", where=where) from error
        self._thread.start()
        until = time.monotonic() + READY_WITHIN_S
        while not self.ready:
            if time.monotonic() > until or not self._thread.is_alive():
                self.close()
                raise LinkFault("broker_does_not_start", "read_broker_log", file=str(self._log_path()))
            time.sleep(0.05)

    def close(self) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._gate.close()

    def _watch(self) -> None:
        while not self._closing.is_set():
            if self._child is None or self._child.poll() is not None:
                if self._child is not None:
                    log.error("the broker ended with status %s, starting it again", self._child.returncode)
                self._spend_budget()
                if self._closing.is_set():
                    break
                self._spawn()
            elif self._read_users():
                self._write_config()
                self._child.send_signal(signal.SIGHUP)
                log.info("broker users changed, configuration reloaded")
            self._closing.wait(0.3)
        if self._child is not None:
            self._child.terminate()
            try:
                self._child.wait(10)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()

    def _spend_budget(self) -> None:
        now = time.monotonic()
        self._starts = [start for start in self._starts if now - start < RESTART_WINDOW_S]
        if len(self._starts) >= RESTART_BUDGET:
            log.error("the broker ended %d times within %d s, waiting", len(self._starts), RESTART_WINDOW_S)
            self._closing.wait(RESTART_PAUSE_S)
        self._starts.append(time.monotonic())

    def _spawn(self) -> None:
        self._inner_port = _free_port()
        self._write_config()
        # Appended, so the end of a broker that died can still be read.
        with self._log_path().open("ab") as output:
            self._child = subprocess.Popen(
                [_nats_server(), "-c", str(self._config_path())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches us first, and we stop it in order
                preexec_fn=_die_with_parent,
            )

    def _read_users(self) -> bool:
        try:
            status = self._settings.users_file.stat()
        except FileNotFoundError:
            return False
        seen = (status.st_mtime_ns, status.st_size)
        if seen == self._users_seen:
            return False
        self._users_seen = seen
        self._hashes = broker_users.read(self._settings.users_file)
        return True

    def _write_config(self) -> None:
        text = nats_config(
            sorted(self._hashes),
            port=self._inner_port,
            password=self._inner_password,
            store_dir=self._settings.store_dir,
        )
        fresh = self._config_path().with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(self._config_path())

    def _config_path(self) -> Path:
        return self._settings.store_dir / "nats.conf"

    def _log_path(self) -> Path:
        return self._settings.store_dir / "nats.log"


def _nats_server() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise LinkFault("broker_not_installed", "install_central_extra")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _tls(settings: Broker) -> ssl.SSLContext | None:
    if settings.certificate_file is None or settings.certificate_key_file is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.certificate_file, settings.certificate_key_file)
    return context


def _die_with_parent() -> None:
    """In the child: end when the supervisor is killed, so that no broker is left without its gate."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
