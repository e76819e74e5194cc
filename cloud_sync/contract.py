"""The wire contract between nodes and the centre: topics, messages, version. MQTT 3.1.1 semantics only.

The service accepts versions N and N - 1. Events gain optional fields only; unknown fields are ignored in events
and refused in commands. Frozen samples of each version stay in tests/contract/.
Imports: standard library and pydantic, so a node pulls in nothing heavy with it.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1
ROOT = "storeroom/v1"

NodeId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
Hex64 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

MAX_BATCH_EVENTS = 2000
MAX_BATCH_BYTES = 256 * 1024
CLIMATE_LATE_DAYS = 35
HEARTBEAT_S = 5  # a state message at least this often
OFFLINE_AFTER_S = 20  # the centre calls a node offline when its last heartbeat is older

# Body fields that never leave the room, whatever the level of the event.
PERSONAL_FIELDS = ("name", "phone", "card", "pin", "id_number", "title", "text", "department", "purpose")


# Whatever is added here: nothing that moves a carriage, opens a door or silences what warns people in the room.
CommandKind = Literal[
    "acknowledge_alarm", "cancel_loan", "stop", "approve_loan", "deny_loan", "revoke_card", "revoke_person"
]
SIGNED: frozenset[CommandKind] = frozenset({"approve_loan", "deny_loan", "revoke_card", "revoke_person"})


def topic(node: str, leaf: str) -> str:
    return f"{ROOT}/{node}/{leaf}"


UP_EVENTS = "up/events"
UP_CHECKPOINT = "up/checkpoint"
UP_TELEMETRY = "up/telemetry"
UP_ANSWER = "up/answer"
DOWN_ACK = "down/ack"  # retained: the only proof of delivery
DOWN_COMMAND = "down/command"  # never retained
DOWN_DIRECTORY = "down/directory"  # retained
DIRECTORY = "directory"  # beside the kinds of commands that a node carries out: it takes a directory made for it
STATE = "state"  # retained birth and will


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no blanks, UTF-8: the same bytes on both sides of a signature."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WireEvent(_Event):
    """One event: the envelope's exact text, and salt (hex) and body text where they may leave the room."""

    envelope: str
    salt: str | None = None
    body: str | None = None


class EventBatch(_Event):
    """zstd-compressed JSON on ``up/events``. ``prev_head`` is the hash before the first event, ``head`` of the last."""

    v: int = VERSION
    node: NodeId
    epoch: str
    first_seq: int = Field(ge=1)
    prev_head: Hex64
    head: Hex64
    events: list[WireEvent] = Field(min_length=1, max_length=MAX_BATCH_EVENTS)


class Ack(_Event):
    """``down/ack``: what the centre holds durably. The node resends from ``seq`` + 1, also backwards.

    Epoch '' with seq 0: the centre holds nothing of this node; it begins with its oldest epoch.
    """

    v: int = VERSION
    node: NodeId
    epoch: str
    seq: int = Field(ge=0)
    head: Hex64
    signature: str  # Ed25519 by the centre over ``signed_bytes``, hex
    gap: bool = False  # a batch came that does not join on: send again from seq + 1 at once

    def signed_bytes(self) -> bytes:
        return f"storeroom-ack/1 {self.node} {self.epoch} {self.seq} {self.head}".encode()


class Checkpoint(_Event):
    v: int = VERSION
    node: NodeId
    epoch: str
    seq: int
    head: Hex64
    utc_ms: int
    signature: str  # Ed25519 by the node, hex

    def signed_bytes(self) -> bytes:
        return f"storeroom-checkpoint/1 {self.node} {self.epoch} {self.seq} {self.head} {self.utc_ms}".encode()


class State(_Event):
    """``state``: birth and heartbeat (online), clean stop (stopped) and will (lost)."""

    v: int = VERSION
    node: NodeId
    session: int
    state: Literal["online", "stopped", "lost"]
    epoch: str = ""
    seq: int = 0  # newest event of the node
    utc_ms: int = 0
    name: str = ""
    version: str = ""
    faults: list[str] = Field(default_factory=list)
    commands: list[str] = Field(default_factory=list)  # kinds that this node carries out; it refuses every other


class Reading(_Event):
    place: str
    measurand: Literal["temp_cc", "rh_cpct", "lux", "leak"]
    value: int
    age_ms: int
    quality: Literal["good", "stale", "bad"]


class Telemetry(_Event):
    v: int = VERSION
    node: NodeId
    utc_ms: int
    readings: list[Reading]


class ClimateDay(_Event):
    """The body of an event ``climate.day``: one finished day of the room, of one place and measurand.

    ``hours``: [no, least, mean, greatest, minutes]; ``no`` counts from ``from_ms``, an hour without a reading is
    not there. Nodes of before send none; a day may come late, at most CLIMATE_LATE_DAYS. ``low`` and ``high``: the
    room's limits when it was told; they came later, and a room may have none on a side.
    """

    place: str
    measurand: Literal["temp_cc", "rh_cpct"]
    from_ms: int
    to_ms: int
    low: int | None = None
    high: int | None = None
    hours: list[tuple[int, int, int, int, Annotated[int, Field(ge=1, le=60)]]] = Field(max_length=25)


class Command(_Command):
    """``down/command``: run at most once, never after ``expires_ms``. No kind of command can start motion or unlock.

    ``signature`` and ``text`` came later: they go only to nodes that name a kind of SIGNED among their ``commands``.
    """

    v: int = VERSION
    id: str
    node: NodeId
    kind: CommandKind
    author: str
    expires_ms: int
    subject: str = ""
    reason: str = ""  # a code
    text: str = Field("", max_length=200)  # an opinion in a person's own words
    signature: str = ""  # Ed25519 by the centre over ``signed_bytes``, hex; required for the kinds in SIGNED

    def signed_bytes(self) -> bytes:
        return b"storeroom-command/1 " + canonical(self.model_dump(exclude={"signature"}))

    def wire(self) -> str:
        """Without what is empty and younger than the first nodes: those refuse a field that they do not know."""
        return self.model_dump_json(exclude={name for name in ("text", "signature") if not getattr(self, name)})


class Answer(_Event):
    v: int = VERSION
    node: NodeId
    id: str
    ok: bool
    code: str = ""
    utc_ms: int = 0


class DirectoryPerson(_Event):
    id: str
    name: str
    roles: list[str]
    active: bool = True


class DirectoryCard(_Event):
    hmac: Hex64  # HMAC-SHA256(site key, uid)
    person: str
    active: bool = True


class Directory(_Event):
    """``down/directory``: signed, versioned, retained; a node accepts it only if ``version`` is newer than its own."""

    v: int = VERSION
    site: str
    node: str = ""  # for this room only; came later, goes only to nodes that name DIRECTORY among their ``commands``
    version: int = Field(ge=1)
    people: list[DirectoryPerson]
    cards: list[DirectoryCard]
    signature: str = ""  # Ed25519 by the centre over ``signed_bytes``, hex

    def signed_bytes(self) -> bytes:
        without = {"signature"} if self.node else {"signature", "node"}
        return b"storeroom-directory/1 " + canonical(self.model_dump(exclude=without))
