"""The door in front of the supervised broker: it binds client ids to credentials, which nats-server does not.

Without it any node could connect under another's client id, throw that one out and inherit its subscriptions.
The gate reads the CONNECT packet, checks the password itself, insists on client id = user name and on a will inside
the user's own topics, and hands the connection on with an inner password that no node ever learns: a node's own
credential is worthless at the broker's inner port.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass

from cloud_sync import keys
from cloud_sync.broker_users import CENTRE
from cloud_sync.contract import ROOT

CONNECT = 0x10
CONNECT_MAX_BYTES = 8192
CONNECT_WITHIN_S = 10.0
REFUSED_PROTOCOL, REFUSED_CLIENT_ID, REFUSED_CREDENTIAL = 1, 2, 4  # CONNACK return codes of MQTT 3.1.1

log = logging.getLogger(__name__)


class Refused(Exception):
    def __init__(self, return_code: int, why: str) -> None:
        super().__init__(why)
        self.return_code = return_code


@dataclass(frozen=True, slots=True)
class Connect:
    """The fields of an MQTT 3.1.1 CONNECT; absent ones are None."""

    flags: int
    keepalive_s: int
    client_id: str
    will_topic: str | None
    will_message: bytes | None
    user: str | None
    password: bytes | None


def parse(payload: bytes) -> Connect:
    """The packet behind its fixed header. Raises Refused for another protocol or a malformed packet."""
    fields = _Fields(payload)
    try:
        if fields.binary() != b"MQTT" or fields.byte() != 4:
            raise Refused(REFUSED_PROTOCOL, "not MQTT 3.1.1")
        flags, keepalive_s = fields.byte(), fields.short()
        client_id = fields.binary().decode()
        will_topic = fields.binary().decode() if flags & 0x04 else None
        will_message = fields.binary() if flags & 0x04 else None
        user = fields.binary().decode() if flags & 0x80 else None
        password = fields.binary() if flags & 0x40 else None
    except (struct.error, UnicodeDecodeError) as error:
        raise Refused(REFUSED_PROTOCOL, "malformed CONNECT") from error
    return Connect(flags, keepalive_s, client_id, will_topic, will_message, user, password)


def packet(connect: Connect, password: str) -> bytes:
    """``connect`` as bytes again, with another password."""
    parts = [_field(b"MQTT"), bytes((4, connect.flags)), struct.pack(">H", connect.keepalive_s)]
    parts.append(_field(connect.client_id.encode()))
    if connect.will_topic is not None and connect.will_message is not None:
        parts += [_field(connect.will_topic.encode()), _field(connect.will_message)]
    parts += [_field((connect.user or "").encode()), _field(password.encode())]
    body = b"".join(parts)
    return bytes((CONNECT,)) + _length(len(body)) + body


def admit(connect: Connect, hashes: dict[str, str]) -> str:
    """The user's name. Raises Refused: wrong credential, foreign client id, a will outside the user's own topics."""
    user = connect.user
    if user is None or connect.password is None or user not in hashes:
        raise Refused(REFUSED_CREDENTIAL, "unknown user")
    if not keys.broker_hash_matches(hashes[user], connect.password):
        raise Refused(REFUSED_CREDENTIAL, f"wrong password for {user}")
    if connect.client_id != user:
        raise Refused(REFUSED_CLIENT_ID, f"{user} tried to connect as client id {connect.client_id!r}")
    if user != CENTRE and connect.will_topic is not None and not connect.will_topic.startswith(f"{ROOT}/{user}/"):
        raise Refused(REFUSED_CLIENT_ID, f"{user} left a will for {connect.will_topic!r}")
    return user


class Gate:
    """Listens at ``host:port`` on a thread of its own and passes admitted connections to the inner port."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        hashes: Callable[[], dict[str, str]],
        inner_port: Callable[[], int],
        inner_password: str,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._where = (host, port)
        self._hashes, self._inner_port, self._inner_password = hashes, inner_port, inner_password
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="broker-gate", daemon=True)
        self._open: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Raises OSError when the port is taken."""
        self._thread.start()
        serving = asyncio.start_server(self._connected, *self._where, ssl=self._tls)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _shut(self) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._pass_on(reader, writer)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError):
            pass  # the other side went away, or we are closing: MQTT's own keepalive tells both ends
        finally:
            self._open.discard(task)
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                connect = parse(await _read_connect(reader))
            user = admit(connect, self._hashes())
        except Refused as refused:
            log.warning("broker connection refused: %s", refused)
            writer.write(bytes((0x20, 2, 0, refused.return_code)))
            await writer.drain()
            return
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._inner_port())
        try:
            inner_writer.write(packet(connect, self._inner_password))
            log.info("%s connected to the broker", user)
            ways = [asyncio.create_task(_pump(reader, inner_writer)), asyncio.create_task(_pump(inner_reader, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        finally:
            inner_writer.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await source.read(65536):
            sink.write(chunk)
            await sink.drain()


async def _read_connect(reader: asyncio.StreamReader) -> bytes:
    if (await reader.readexactly(1))[0] != CONNECT:
        raise Refused(REFUSED_PROTOCOL, "the first packet is no CONNECT")
    length, shift = 0, 0
    while True:
        byte = (await reader.readexactly(1))[0]
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
        if shift > 21:
            raise Refused(REFUSED_PROTOCOL, "malformed length")
    if length > CONNECT_MAX_BYTES:
        raise Refused(REFUSED_PROTOCOL, "CONNECT too long")
    return await reader.readexactly(length)


class _Fields:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def byte(self) -> int:
        return self._take(1)[0]

    def short(self) -> int:
        return int.from_bytes(self._take(2), "big")

    def binary(self) -> bytes:
        return self._take(self.short())

    def _take(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        if len(part) < count:
            raise struct.error("packet ends early")
        self._at += count
        return part


def _field(value: bytes) -> bytes:
    return struct.pack(">H", len(value)) + value


def _length(value: int) -> bytes:
    out = bytearray()
    while True:
        value, low = divmod(value, 128)
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)
