"""The centre at the broker: one persistent MQTT session, messages into the ingest one by one, acknowledgements out."""

from __future__ import annotations

import logging
import queue
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from cloud_sync import contract
from cloud_sync.broker_users import CENTRE
from cloud_sync.contract import DOWN_ACK, DOWN_COMMAND, ROOT
from cloud_sync.ingest import Ingest, Outcome
from edge.errors import LinkFault, StoreError

SUBSCRIPTIONS = [
    (f"{ROOT}/+/{contract.UP_EVENTS}", 1),
    (f"{ROOT}/+/{contract.UP_CHECKPOINT}", 1),
    (f"{ROOT}/+/{contract.UP_ANSWER}", 1),
    (f"{ROOT}/+/{contract.UP_TELEMETRY}", 0),  # 0: nothing of it is queued while the centre is away
    (f"{ROOT}/+/{contract.STATE}", 0),
]
KEEPALIVE_S = 10
WAITING_MESSAGES = 256
STORE_RETRY_S = 5.0

log = logging.getLogger(__name__)


class Link:
    """Connects and reconnects by itself. A message is confirmed to the broker only after it is committed."""

    def __init__(self, ingest: Ingest, *, host: str, port: int, password: str, ca_file: Path | None = None) -> None:
        self._ingest = ingest
        self._where = (host, port)
        self._waiting: queue.Queue[mqtt.MQTTMessage | None] = queue.Queue(WAITING_MESSAGES)
        self._closing = threading.Event()
        self._worker = threading.Thread(target=self._work, name="ingest", daemon=True)
        self.connected = False
        self.on_connected: Callable[[], None] = lambda: None  # what else lies ready for the rooms
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=CENTRE, clean_session=False, protocol=mqtt.MQTTv311, manual_ack=True
        )
        self._client.username_pw_set(CENTRE, password)
        if ca_file is not None:
            self._client.tls_set(str(ca_file), tls_version=ssl.PROTOCOL_TLS_CLIENT)
        self._client.reconnect_delay_set(1, 15)
        self._client.on_connect = lambda client, _data, _flags, code, _props: self._came(client, code)
        self._client.on_disconnect = lambda _client, _data, _flags, code, _props: self._went(code)
        self._client.on_message = lambda _client, _data, message: self._heard(message)

    def start(self) -> None:
        """Returns at once, also while the broker is away."""
        self._worker.start()
        self._client.connect_async(*self._where, keepalive=KEEPALIVE_S)
        self._client.loop_start()

    def close(self) -> None:
        self._closing.set()
        self._client.disconnect()
        self._client.loop_stop()
        self._waiting.put(None)
        self._worker.join()

    def command(self, command: contract.Command) -> None:
        """Never retained. Raises LinkFault ``broker_away`` rather than let it lie about until later."""
        if not self.connected:
            raise LinkFault("broker_away", "wait_for_broker")
        self._client.publish(contract.topic(command.node, DOWN_COMMAND), command.wire(), qos=1)

    def directory(self, node: str, message: str) -> None:
        """Retained: it lies ready for a room that is away. While the broker is away it waits for ``on_connected``."""
        if self.connected:
            self._client.publish(contract.topic(node, contract.DOWN_DIRECTORY), message, qos=1, retain=True)

    def _came(self, client: mqtt.Client, code: ReasonCode) -> None:
        if code.is_failure:
            log.error("the broker refuses the centre: %s", code)
            return
        self.connected = True
        client.subscribe(SUBSCRIPTIONS)
        for ack in self._ingest.acks():
            self._publish(ack)
        self.on_connected()
        log.info("connected to the broker")

    def _went(self, code: ReasonCode) -> None:
        if self.connected and not self._closing.is_set():
            log.warning("the broker went away: %s", code)
        self.connected = False

    def _heard(self, message: mqtt.MQTTMessage) -> None:
        while not self._closing.is_set():
            try:
                self._waiting.put(message, timeout=1)
                return
            except queue.Full:
                continue

    def _work(self) -> None:
        while True:
            message = self._waiting.get()
            if message is None or self._closing.is_set():
                return
            while not self._closing.is_set():
                try:
                    self._take_or_set_aside(message)
                    break
                except StoreError as error:
                    log.error("the store refuses, the message waits: %s", error)
                    self._closing.wait(STORE_RETRY_S)
            if message.qos and not self._closing.is_set():
                self._client.ack(message.mid, message.qos)

    def _take_or_set_aside(self, message: mqtt.MQTTMessage) -> None:
        """Raises StoreError only: what we ourselves stumble over is put into quarantine, and the rest goes on."""
        try:
            self._take(message)
        except StoreError:
            raise
        except Exception:
            log.exception("a message on %s could not be taken", message.topic)
            node, leaf = _address(message)
            self._ingest.set_aside(node, leaf, bytes(message.payload))

    def _take(self, message: mqtt.MQTTMessage) -> None:
        node, leaf = _address(message)
        payload = bytes(message.payload)
        outcome = self._outcome(node, leaf, payload, message.retain)
        if outcome.quarantined:
            log.warning("quarantined a message of %s on %s: %s", node, leaf, outcome.quarantined)
        if outcome.ack is not None:
            self._publish(outcome.ack)

    def _outcome(self, node: str, leaf: str, payload: bytes, retained: bool) -> Outcome:
        if leaf == contract.STATE:
            return self._ingest.state(node, payload, retained=retained)
        return {
            contract.UP_EVENTS: self._ingest.events,
            contract.UP_CHECKPOINT: self._ingest.checkpoint,
            contract.UP_TELEMETRY: self._ingest.telemetry,
            contract.UP_ANSWER: self._ingest.answer,
        }[leaf](node, payload)

    def _publish(self, ack: contract.Ack) -> None:
        self._client.publish(contract.topic(ack.node, DOWN_ACK), ack.model_dump_json(), qos=1, retain=True)


def _address(message: mqtt.MQTTMessage) -> tuple[str, str]:
    """Node id and leaf of the topic. The broker let only that node publish there."""
    node, _, leaf = message.topic.removeprefix(f"{ROOT}/").partition("/")
    return node, leaf
