"""What the catalogue holds, as plain values: fonds 全宗, box 盒, volume 卷, item 件; slots appear as their codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ItemState = Literal["registered", "shelved", "out", "void"]  # registered: known, but its box has no place yet

SECRECY = ("public", "internal", "confidential", "secret", "top_secret")  # 公开 内部 秘密 机密 绝密, least to most


@dataclass(frozen=True, slots=True)
class SecretLevel:
    """``clearance``: what a person needs to see records of this level. ``active``: may still be given."""

    code: str
    name: str
    clearance: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Fonds:
    fonds_no: str
    name: str


@dataclass(frozen=True, slots=True)
class Box:
    """``home_slot`` stays reserved while the box is out; ``slot`` is where it stands now (None: not on a shelf)."""

    id: str
    label: str
    box_no: str
    fonds_no: str
    title: str
    thickness_mm: int
    home_slot: str | None
    slot: str | None
    state: ItemState


@dataclass(frozen=True, slots=True)
class Volume:
    id: str
    label: str
    ref_code: str
    title: str
    box_id: str | None
    state: ItemState


@dataclass(frozen=True, slots=True)
class Item:
    """``ref_code`` as written; ``ref_key`` canonical, None where the writing identifies nothing outside its own list.

    ``date``: eight digits, zeros for what is unknown ("20110300"), or ""; ``date_written``: as its list has it, a span
    with both ends, or "". ``retention``: Y, D30, D10 … or "".
    ``secret_level``: one of SECRECY. ``pages``: None = not said. ``source_import``: the import that brought it.
    """

    id: str
    label: str
    ref_code: str
    ref_key: str | None
    fonds_no: str
    title: str
    year: int | None
    retention: str
    secret_level: str
    responsible: str
    doc_no: str
    date: str
    date_written: str
    pages: int | None
    box_id: str | None
    volume_id: str | None
    state: ItemState
    source_import: str | None


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is said of an item before it has an id. ``foreign_id``: another system's; ``context``: titles above it."""

    fonds_no: str
    title: str
    ref_code: str = ""
    ref_key: str | None = None
    foreign_id: str | None = None
    context: str = ""
    year: int | None = None
    retention: str = ""
    secret_level: str = "public"
    responsible: str = ""
    doc_no: str = ""
    date: str = ""
    date_written: str = ""
    pages: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """What is written on one page (from 1), as ``engine`` read it; ``confidence`` 0…1."""

    page: int
    text: str
    engine: str
    confidence: float


Field = Literal["title", "responsible", "doc_no", "context", "ref_code", "box_no", "fonds_no", "scope", "text"]


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of the record's own text and what of it matched: half-open ranges of characters in ``text``.

    ``text`` is the whole field, but only the surroundings in scopes and in the text of a page (``field`` text, ``page``
    from 1).
    """

    field: Field
    text: str
    ranges: tuple[tuple[int, int], ...]
    page: int | None = None


Why = Literal["number", "place", "label", "words", "initials", "pinyin", "near", "filters"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result: an item or a volume with its box, or a box alone. ``near``: one wrong character forgiven."""

    item: Item | None
    box: Box | None
    why: Why
    marks: tuple[Marked, ...] = ()
    volume: Volume | None = None


def may_see(clearance: str, secret_level: str) -> bool:
    """Whether a person cleared up to ``clearance`` (one of SECRECY) may know of a record of ``secret_level``."""
    return SECRECY.index(secret_level) <= SECRECY.index(clearance)
