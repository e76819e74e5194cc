"""Hooking of scans 挂接: each file of a folder judged by name, folders, catalogue and content, then taken in.

plan (nothing is kept) → begin → take file by file → end; what is in doubt is kept and waits for a person (settle)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from edge.domain import access, hooking
from edge.domain.hooking import FileState, Found, Planned, Reading, Target
from edge.domain.page_gate import Wanted
from edge.domain.page_seen import PageSeen
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.errors import InputRefused, RuleRefused, StoreroomError
from edge.store.hookings import HookedFile, Hookings, Run
from edge.words import load, say
from edge.workflows import digitise, read_record
from edge.workflows.keep_pages import Expected, Incoming, accept_page, hook_expected, hook_page, keep
from edge.workflows.rights import needs
from edge.workflows.room import Room

REASON_AT_LEAST = 4  # characters


@dataclass(frozen=True, slots=True)
class Offered:
    """A file of the folder. ``stamp``: whether it is still the same one; ``pages``: None = nobody counted.

    ``wrong``: a code and its parameters where it cannot be taken.
    """

    path: str
    sha256: str
    stamp: str
    pages: int | None = None
    wrong: tuple[str, dict[str, Any]] | None = None


@needs("digitise")
def look(room: Room, _person: Person, path: str, stamp: str, data: bytes, handed_sha256: str = "") -> Offered:
    """Its digest, and its pages counted by opening every one of them; nothing is read or kept."""
    sha256 = hashlib.sha256(data).hexdigest()
    if handed_sha256 and handed_sha256.lower() != sha256:
        return Offered(path, sha256, stamp, wrong=("digest_differs", {}))
    try:
        return Offered(path, sha256, stamp, room.page_reader.count(path.rpartition("/")[2], data))
    except InputRefused as error:
        return Offered(path, sha256, stamp, wrong=(error.code, error.params))


@needs("digitise")
def plan(room: Room, person: Person, offered: Sequence[Offered]) -> list[Planned]:
    """What would become of each file. Nothing is kept: this is the dry run."""
    codes = room.catalogue.number_codes()
    fonds = [one.fonds_no for one in room.catalogue.fonds()]
    found = []
    for one in offered:
        claim = hooking.claim(one.path, codes, fonds)
        targets = _targets(room, person, claim.readings)
        kept_as = _kept_as(room, one.sha256)
        found.append(Found(one.path, one.sha256, one.pages, claim, targets, kept_as, one.wrong))
    return hooking.judge(found)


@needs("digitise")
def begin(room: Room, person: Person, root: str, offered: Sequence[Offered]) -> tuple[str, list[Planned]]:
    """The plan, kept: from now on files may be taken. The run's id; of a folder that was cut off, the same again."""
    planned = plan(room, person, offered)
    facts = {one.path: (one.stamp, one.pages) for one in offered}

    def write(change: Any) -> str:
        run_id = Hookings(room.database).begin(change, root, planned, facts, person.id)
        body = {"root": root, "files": len(planned)}
        change.event("hooking.started", subject=run_id, actor=person.id, body=body)
        return run_id

    return room.database.write(write), planned


@needs("digitise")
def take(
    room: Room,
    person: Person,
    run_id: str,
    path: str,
    data: bytes,
    wanted: Wanted = digitise.WANTED,
    handed_sha256: str = "",
) -> HookedFile:
    """One file of the plan: read, kept, and hooked where nothing speaks against it. What became of it."""
    hookings = Hookings(room.database)
    planned = hookings.file(run_id, path)
    item = room.catalogue.item(planned.item_id) if planned.item_id else None
    if item is not None and planned.waits:
        told = _taken(room, person, planned, item, data, wanted, handed_sha256)
        room.database.write(lambda change: hookings.tell(change, run_id, path, *told), telemetry=True)
    return hookings.file(run_id, path)


@needs("digitise")
def runs(room: Room, _person: Person) -> list[Run]:
    """Newest first."""
    return Hookings(room.database).runs()


@needs("digitise")
def open_files(room: Room, _person: Person, run_id: str) -> list[HookedFile]:
    """What is in doubt, was not taken or not even read yet."""
    return Hookings(room.database).files(run_id, ("unsure", "refused", "planned"))


@needs("digitise")
def files_of(room: Room, _person: Person, run_id: str, state: FileState) -> list[HookedFile]:
    """Those that became this."""
    return Hookings(room.database).files(run_id, (state,))


def why(code: str, params: dict[str, Any], language: str) -> str:
    """In words: of the plan's own codes, else of the error that stood in the way."""
    planned = f"hook.why.{code}"
    return say(language, planned if planned in load() else f"error.{code}", **params)


@needs("digitise")
def end(room: Room, person: Person, run_id: str) -> dict[str, int]:
    """How many files became what."""

    def write(change: Any) -> dict[str, int]:
        counts = Hookings(room.database).end(change, run_id)
        change.event("hooking.ended", subject=run_id, actor=person.id, body=dict(counts))
        return counts

    return room.database.write(write)


@needs("digitise")
def settle(room: Room, person: Person, run_id: str, path: str, why: str, replacing: bool = False) -> HookedFile:
    """A person looked: the file is the item's in spite of the doubt, from the page on that its name says.

    ``replacing``: pages that stand there give way. InputRefused ``reason_missing``; RuleRefused ``hook_nothing_kept``,
    ``page_there``.
    """
    file = Hookings(room.database).file(run_id, path)
    reason = " ".join(why.split())
    if len(reason) < REASON_AT_LEAST:
        raise InputRefused("reason_missing", "say_why")
    if file.state != "unsure" or not file.file_id:
        raise RuleRefused("hook_nothing_kept", "look_again", file=path)
    item = read_record.item(room, person, file.item_id)
    pages = [page for page in room.pages.of_file(file.file_id) if page.state in ("held", "loose", "hooked")]

    def write(change: Any) -> None:
        for number, page in enumerate(pages, file.page or 1):
            if page.state == "held":
                accept_page(room, change, person, page, reason)
            if page.state != "hooked":
                hook_page(room, change, person, page, item, number if file.page or replacing else None, replacing)
        Hookings(room.database).settle(change, run_id, path, person.id, reason)
        body = {"item": item.id, "code": file.code, "reason": reason}
        level = access.event_level(item.secret_level)
        change.event("hooking.settled", subject=item.id, actor=person.id, body=body, level=level)

    room.database.write(write)
    return Hookings(room.database).file(run_id, path)


def sha256_of(room: Room, root: str) -> Callable[[str, str], Offered | None]:
    """(path, stamp) → what is known of it since the run of this folder was cut off; None = it must be read."""
    known = Hookings(room.database).known(root)

    def look_up(path: str, stamp: str) -> Offered | None:
        before = known.get(path)
        return Offered(path, before[1], stamp, before[2]) if before and before[0] == stamp and before[2] else None

    return look_up


def _taken(
    room: Room, person: Person, planned: HookedFile, item: Item, data: bytes, wanted: Wanted, handed_sha256: str
) -> tuple[FileState, str, dict[str, Any], str]:
    """State, code, parameters and the id of what is kept."""
    expected = Expected(item, planned.page or 1, planned.state == "planned")
    if hashlib.sha256(data).hexdigest() != planned.sha256:
        return "refused", "changed_meanwhile", {}, ""
    before = room.pages.file_with(planned.sha256)
    try:
        if before is None:
            seen: list[PageSeen] = []
            name = planned.path.rpartition("/")[2]
            facts = room.page_reader.pages(name, data, seen.append)
            expected = _counted(expected, planned, item, len(seen))
            came = Incoming(data, "file", name, facts, seen, handed_sha256)
            taken = keep(room, person, came, wanted, expected=expected)
            file_id, pages = taken.file_id, taken.pages
        else:
            file_id, pages = before.id, room.pages.of_file(before.id)
            if expected.hooks(pages):
                kept = tuple(pages)
                room.database.write(lambda change: hook_expected(room, change, person, kept, expected))
                pages = room.pages.of_file(file_id)
    except StoreroomError as error:
        if not isinstance(error, InputRefused | RuleRefused):
            raise
        return "refused", error.code, error.params, ""
    if all(page.state == "hooked" and page.item_id == item.id for page in pages):
        return "hooked", planned.code, {"pages": len(pages)}, file_id
    if planned.state == "unsure":
        return "unsure", planned.code, planned.params, file_id
    held = [page for page in pages if page.state == "held"]
    if held:
        return "unsure", "page_not_good", {"pages": "、".join(str(page.file_page) for page in held[:12])}, file_id
    other = next((page.proposed[0] for page in pages if page.proposed and page.proposed != (item.id,)), "")
    if other:
        named = room.catalogue.item(other)
        return "unsure", "print_differs", {"number": named.ref_code if named else ""}, file_id
    return "unsure", "pages_differ", {"catalogued": item.pages, "scanned": len(pages)}, file_id


def _counted(expected: Expected, planned: HookedFile, item: Item, pages: int) -> Expected:
    """A plan that was made before the pages could be counted is held against them now."""
    whole = planned.page is None
    fits = pages == item.pages if whole and item.pages is not None else pages == 1 or whole
    return Expected(item, expected.first_page, expected.sure and fits)


def _targets(room: Room, person: Person, readings: Sequence[Reading]) -> tuple[tuple[Target, int | None, str], ...]:
    """Items that the readings name; what the person may not know of is as if it were not there."""
    found: dict[tuple[str, int | None], tuple[Target, int | None, str]] = {}
    for reading in readings:
        item = room.catalogue.item_by_ref(reading.number.written)
        if item is None or not may_see(access.clearance(person.roles), item.secret_level):
            continue
        there = frozenset(page.page_no or 0 for page in room.pages.of_item(item.id))
        target = Target(
            item.id,
            item.ref_code,
            item.ref_key,
            item.fonds_no,
            item.year,
            item.retention,
            item.pages,
            item.state == "void",
            there,
        )
        found[(item.id, reading.page)] = (target, reading.page, reading.by)
    return tuple(found.values())


def _kept_as(room: Room, sha256: str) -> str:
    """The item that every page of this content is hooked to, "" where none is or it differs."""
    before = room.pages.file_with(sha256)
    owners = {page.item_id or "" for page in room.pages.of_file(before.id)} if before else set()
    return owners.pop() if len(owners) == 1 else ""
