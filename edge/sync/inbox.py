"""What the centre asks and sends: commands that this node decides on itself, and the directory of people.

A command runs at most once and never after its expiry: its id is in the trace before it runs, and its answer after,
so that one which comes again is answered as it was. No kind of command can
start motion or unlock; there is none for it in the contract, and nothing here could carry it out.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from cloud_sync.contract import DIRECTORY, SIGNED, Answer, Command, Directory
from edge.errors import StoreroomError
from edge.store.views import Event, Trace
from edge.workflows.room import Room

Handler = Callable[[Command], None]  # raises StoreroomError to refuse

log = logging.getLogger(__name__)


class Inbox:
    """``handlers``: what this node carries out, by command kind; every other kind is refused.

    ``take_directory`` applies a verified snapshot of people and says whether it was newer than the node's own.
    """

    def __init__(
        self,
        room: Room,
        trace: Trace,
        centre_key: bytes,
        handlers: Mapping[str, Handler],
        take_directory: Callable[[Directory], bool],
    ) -> None:
        self._room, self._trace, self._handlers = room, trace, handlers
        self._centre_key = Ed25519PublicKey.from_public_bytes(centre_key)
        self._take_directory = take_directory

    def kinds(self) -> list[str]:
        """What this node carries out, so that nobody at the centre is offered what it would refuse."""
        return sorted([*self._handlers, DIRECTORY])

    def command(self, payload: bytes) -> Answer | None:
        """Carry out one command; the answer to publish. None for what is no command to us."""
        try:
            command = Command.model_validate_json(payload)
        except ValidationError:
            log.warning("a command with unknown or bad fields was refused")
            return None
        if command.node != self._room.node_id:
            return None
        before = self._trace.recent(2, subject=command.id)
        if before:
            code = self._answered(before)
        else:
            code = self._why_not(command)
            if not code:
                code = self._carry_out(command)
        return Answer(node=command.node, id=command.id, ok=not code, code=code, utc_ms=self._room.clock.utc_ms())

    def directory(self, payload: bytes) -> bool:
        """Take a directory of people; False when it is not the centre's or not newer."""
        try:
            directory = Directory.model_validate_json(payload)
            self._centre_key.verify(bytes.fromhex(directory.signature), directory.signed_bytes())
        except (ValueError, InvalidSignature):
            log.warning("a directory that the centre did not sign was refused")
            return False
        return self._take_directory(directory)

    def _why_not(self, command: Command) -> str:
        if not self._signed(command):
            return "command_not_signed"
        if self._room.clock.utc_ms() > command.expires_ms:
            return "command_expired"
        if command.kind not in self._handlers:
            return "command_not_here"
        return ""

    def _signed(self, command: Command) -> bool:
        """Kinds that older centres know as well may come without; a signature that is there must be the centre's."""
        if not command.signature:
            return command.kind not in SIGNED
        try:
            self._centre_key.verify(bytes.fromhex(command.signature), command.signed_bytes())
        except (ValueError, InvalidSignature):
            return False
        return True

    def _answered(self, before: list[Event]) -> str:
        """The code of the answer that was given; ``command_interrupted`` where the node stopped before it."""
        for event in before:
            if event.action == "command.answered" and event.body is not None:
                return str(json.loads(event.body)["code"])
        return "command_interrupted"

    def _carry_out(self, command: Command) -> str:
        self._record(command)
        code = self._run(command)
        body = {"code": code, "ok": int(not code)}
        self._room.database.write(
            lambda change: change.event("command.answered", subject=command.id, actor="node", body=body)
        )
        return code

    def _record(self, command: Command) -> None:
        body = {"kind": command.kind, "about": command.subject, "author": command.author}
        self._room.database.write(
            lambda change: change.event("command.accepted", subject=command.id, actor="centre", body=body)
        )

    def _run(self, command: Command) -> str:
        try:
            self._handlers[command.kind](command)
        except StoreroomError as error:
            return error.code
        return ""
