"""The node at the broker: one thread that ships the trace, says that it lives, and hands the centre's words on.

The broker's own confirmation proves nothing (it confirms even what it throws away); only the centre's signed
acknowledgement moves the cursor. Everything here may fail for months and the room works on.
"""

from __future__ import annotations

import logging
import queue
import secrets
import ssl
import threading
from collections.abc import Callable

import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from cloud_sync import contract
from cloud_sync.contract import DOWN_ACK, DOWN_COMMAND, DOWN_DIRECTORY, Reading, State, Telemetry, topic
from edge.clock import Clock
from edge.config import Node, Sync
from edge.errors import LinkFault, StoreroomError
from edge.store.views import Trace
from edge.sync.inbox import Inbox
from edge.sync.shipping import Shipping
from edge.sync.status import SyncStatus

STEP_S = 0.25
KEEPALIVE_S = 10
TELEMETRY_MS = 10_000
CHECKPOINT_MS = 1_000
LAST_WORD_S = 2.0

log = logging.getLogger(__name__)


def read_centre_key(settings: Sync) -> bytes:
    """The centre's public key as `storeroom-central enrol --out` wrote it. Raises LinkFault."""
    try:
        key = bytes.fromhex(settings.centre_key_file.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise LinkFault("centre_key_unreadable", "enrol_again", file=str(settings.centre_key_file)) from error
    if len(key) != 32:
        raise LinkFault("centre_key_unreadable", "enrol_again", file=str(settings.centre_key_file))
    return key


class Publisher:
    """``faults``: codes shown at the centre. ``readings``: newest values for the telemetry. Raises LinkFault: keys."""

    def __init__(
        self,
        settings: Sync,
        node: Node,
        *,
        trace: Trace,
        inbox: Inbox,
        clock: Clock,
        signing_key: Ed25519PrivateKey,
        version: str,
        faults: Callable[[], list[str]],
        readings: Callable[[], list[Reading]],
    ) -> None:
        self._settings, self._node, self._trace, self._inbox, self._clock = settings, node, trace, inbox, clock
        self._signing_key, self._version, self._faults, self._readings = signing_key, version, faults, readings
        self._session = secrets.randbits(48)  # pairs a will with the birth that it ends
        self._shipping = Shipping(trace, node.id, node.ship_level, read_centre_key(settings), clock.monotonic_ms())
        self._arrived: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._due_ms = {"state": 0, "telemetry": 0, "checkpoint": 0}
        self._connected = threading.Event()
        self._stop = threading.Event()
        self._loop_fault = ""
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._client = self._make_client()

    def start(self) -> None:
        """Returns at once, also while the broker is away."""
        self._client.connect_async(self._settings.host, self._settings.port, keepalive=KEEPALIVE_S)
        self._client.loop_start()
        self._thread.start()

    def stop(self) -> None:
        """Ship what is left if that is quick, say that we stop, and close."""
        self._stop.set()
        self._thread.join()
        if self._connected.is_set():
            said = self._client.publish(topic(self._node.id, contract.STATE), self._state("stopped"), 1, retain=True)
            said.wait_for_publish(LAST_WORD_S)
        self._client.disconnect()
        self._client.loop_stop()

    def status(self) -> SyncStatus:
        acked_ms = self._shipping.last_ack_ms
        return SyncStatus(
            connected=self._connected.is_set(),
            backlog=self._trace.backlog(),
            last_ack_age_ms=None if acked_ms is None else self._clock.monotonic_ms() - acked_ms,
            fault=self._shipping.fault or ("sync_failed" if self._loop_fault else ""),
        )

    def _make_client(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self._settings.username, clean_session=False, protocol=mqtt.MQTTv311
        )
        try:
            password = self._settings.password_file.read_text("ascii").strip()
        except (OSError, ValueError) as error:
            raise LinkFault(
                "centre_password_unreadable", "enrol_again", file=str(self._settings.password_file)
            ) from error
        client.username_pw_set(self._settings.username, password)
        if self._settings.ca_file is not None:
            try:
                client.tls_set(str(self._settings.ca_file), tls_version=ssl.PROTOCOL_TLS_CLIENT)
            except OSError as error:  # not there, or no certificate
                raise LinkFault("centre_ca_unreadable", "check_ca_file", file=str(self._settings.ca_file)) from error
        client.reconnect_delay_set(1, 30)
        client.will_set(topic(self._node.id, contract.STATE), self._state("lost"), 1, retain=True)
        client.on_connect = lambda _client, _data, _flags, code, _props: self._came(client, code)
        client.on_disconnect = lambda _client, _data, _flags, code, _props: self._went(code)
        client.on_message = lambda _client, _data, message: self._heard(message)
        return client

    def _came(self, client: mqtt.Client, code: ReasonCode) -> None:
        if code.is_failure:
            log.error("the broker refuses this node: %s", code)
            return
        client.subscribe([(topic(self._node.id, leaf), 1) for leaf in (DOWN_ACK, DOWN_COMMAND, DOWN_DIRECTORY)])
        client.publish(topic(self._node.id, contract.STATE), self._state("online"), 1, retain=True)
        self._connected.set()
        log.info("connected to the centre's broker")

    def _went(self, code: ReasonCode) -> None:
        if self._connected.is_set() and not self._stop.is_set():
            log.warning("the centre's broker went away: %s", code)
        self._connected.clear()

    def _heard(self, message: mqtt.MQTTMessage) -> None:
        leaf = message.topic.removeprefix(topic(self._node.id, ""))
        if leaf == DOWN_COMMAND and message.retain:
            return  # a command is never retained: whoever left this one was not the centre
        self._arrived.put((leaf, bytes(message.payload)))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._step()
                self._loop_fault = ""
            except StoreroomError as error:
                self._failed(error.code, error)
            except Exception as error:  # noqa: BLE001  a thread's top loop: one bad moment must not end the sync
                self._failed("internal", error)

    def _failed(self, code: str, error: Exception) -> None:
        if self._loop_fault != code:
            log.error("sync failed: %s", error, exc_info=error)
        self._loop_fault = code
        self._stop.wait(5)

    def _step(self) -> None:
        self._take_words(STEP_S)
        now_ms = self._clock.monotonic_ms()
        shipped = False
        if self._connected.is_set():
            while (batch := self._shipping.next_batch(now_ms)) is not None:
                self._publish(contract.UP_EVENTS, batch.payload, 1)
                shipped = True
            if self._due("state", now_ms, contract.HEARTBEAT_S * 1000):
                self._publish(contract.STATE, self._state("online"), 0)
            if self._due("telemetry", now_ms, TELEMETRY_MS):
                self._telemetry()
        if shipped or self._due("checkpoint", now_ms, CHECKPOINT_MS):
            self._checkpoint(now=shipped)

    def _take_words(self, wait_s: float) -> None:
        """Whatever arrived; waits for the first of it."""
        try:
            leaf, payload = self._arrived.get(timeout=wait_s)
            while True:
                self._take(leaf, payload)
                leaf, payload = self._arrived.get_nowait()
        except queue.Empty:
            return

    def _take(self, leaf: str, payload: bytes) -> None:
        if leaf == DOWN_ACK:
            if not self._shipping.acknowledged(payload, self._clock.monotonic_ms()):
                log.warning("an acknowledgement was not followed: %s", self._shipping.fault or "not the centre's")
        elif leaf == DOWN_COMMAND:
            answer = self._inbox.command(payload)
            if answer is not None:
                self._publish(contract.UP_ANSWER, answer.model_dump_json().encode(), 1)
        elif leaf == DOWN_DIRECTORY:
            self._inbox.directory(payload)

    def _checkpoint(self, *, now: bool) -> None:
        signed = self._trace.checkpoint(self._signing_key, now=now)
        if signed is None or not self._connected.is_set():
            return
        wire = contract.Checkpoint(
            node=signed.node,
            epoch=signed.epoch,
            seq=signed.seq,
            head=signed.head,
            utc_ms=signed.utc_ms,
            signature=signed.signature,
        )
        self._publish(contract.UP_CHECKPOINT, wire.model_dump_json().encode(), 1)

    def _telemetry(self) -> None:
        readings = self._readings()
        if readings:
            message = Telemetry(node=self._node.id, utc_ms=self._clock.utc_ms(), readings=readings)
            self._publish(contract.UP_TELEMETRY, message.model_dump_json().encode(), 0)

    def _state(self, state: str) -> bytes:
        head = self._trace.head()
        faults = [*self._faults(), *([self._shipping.fault] if self._shipping.fault else [])]
        message = State.model_validate(
            {
                "node": self._node.id,
                "session": self._session,
                "state": state,
                "epoch": head.epoch,
                "seq": head.seq,
                "utc_ms": self._clock.utc_ms(),
                "name": self._node.name,
                "version": self._version,
                "faults": faults,
                "commands": self._inbox.kinds(),
            }
        )
        return message.model_dump_json().encode()

    def _publish(self, leaf: str, payload: bytes, qos: int) -> None:
        self._client.publish(topic(self._node.id, leaf), payload, qos)

    def _due(self, what: str, now_ms: int, every_ms: int) -> bool:
        if now_ms < self._due_ms[what]:
            return False
        self._due_ms[what] = now_ms + every_ms
        return True
