"""What the running node answers to ``storeroom stocktake``; each request proves who asks by their PIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from edge.cli import sentence
from edge.control import Progress, Verb
from edge.domain.people import Person
from edge.errors import InputRefused
from edge.store import differences, stocktakes
from edge.store.stocktakes import Difference
from edge.words import say
from edge.workflows import count_bay, counter, photograph_bay, print_out, put_right, sample, stocktake
from edge.workflows.print_stocktake import printable
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.sample import Counted
from edge.workflows.stocktake_sheet import sheet, summaries

Args = dict[str, Any]
Asked = Callable[[Room, Person, Args], Args]

LAST = "last"  # instead of an id: the newest
DUE_SHOWN = 8
MISSING, THERE = ("缺", "missing"), ("在", "there", "")


def control_verbs(room: Room) -> dict[str, Verb]:
    asked: dict[str, Asked] = {
        "list": _list,
        "begin": _begin,
        "count": _count,
        "box": _box,
        "sheet": _sheet,
        "printed": _printed,
        "sign": _sign,
        "approve": _approve,
        "put_right": _put_right,
    }

    def answer(of: Asked, args: Args, _progress: Progress) -> Args:
        return of(room, room.people.by_pin(args["by"]["id"], args["by"]["pin"]), args)

    return {f"stocktake.{name}": partial(answer, of) for name, of in asked.items()}


@needs("count")
def _list(room: Room, _person: Person, _args: Args) -> Args:
    return {
        "stocktakes": [asdict(one) for one in summaries(room)],
        "due": [asdict(one) for one in stocktake.due(room)[:DUE_SHOWN]],
        "sample_due": sample.is_due(room),
    }


def _begin(room: Room, person: Person, args: Args) -> Args:
    if args["kind"] == "sample":
        begun = sample.begin(room, person, args["boxes"] or sample.BOXES)
    else:
        begun = stocktake.begin(room, person, args["kind"], args["bay"])
    told = sheet(room, person, begun.id)
    return {"id": begun.id, "parts": [one.bay for one in told.bays] + [one.box_no for one in told.boxes]}


def _count(room: Room, person: Person, args: Args) -> Args:
    stocktake_id, bay = _named(room, args["id"]), args["bay"].strip().upper()
    now = next((one for one in stocktakes.get(room.database, stocktake_id).bays if one.bay == bay), None)
    if args["give_up"]:
        count_bay.give_up_bay(room, person, stocktake_id, bay)
        return {"refused": [], "shots": [], "left": [], "differences": 0, "given_up": True}
    if now is None or now.state != "counting":
        count_bay.begin_bay(room, person, stocktake_id, bay)
    shots = []
    if args["pictures"]:
        photograph_bay.bring(room, person, stocktake_id, bay, [_picture(Path(name)) for name in args["pictures"]])
        read = photograph_bay.read(room, person, stocktake_id, bay)
        shots = [
            say(args["language"], f"panel.stock.shot.{one.why}", count=one.count, bay=one.bay, here=bay)
            for one in read.refused
        ]
    refused = []
    for line, text in enumerate(args["scans"], 1):
        try:
            count_bay.scanned(room, person, stocktake_id, bay, text)
        except InputRefused as error:
            refused.append({"line": line, "text": text[:40], "why": sentence(error, args["language"])})
    for what, slots in (("empty", args["empty"]), ("unread", args["no_label"])):
        for slot in slots:
            count_bay.looked(room, person, stocktake_id, bay, slot.strip().upper(), what)
    left = count_bay.open_slots(room, stocktake_id, bay)
    found = [] if left else count_bay.finish_bay(room, person, stocktake_id, bay)
    return {"refused": refused, "shots": shots, "left": left, "differences": len(found), "given_up": False}


def _picture(path: Path) -> photograph_bay.Picture:
    try:
        return path.name, path.read_bytes(), round(path.stat().st_mtime * 1000)
    except OSError as error:
        raise InputRefused("picture_not_opened", "check_path", file=path.name, why=error.strerror or "") from error


def _box(room: Room, person: Person, args: Args) -> Args:
    stocktake_id = _named(room, args["id"])
    drawn = [
        box for one in stocktakes.get(room.database, stocktake_id).boxes if (box := room.catalogue.box(one.box_id))
    ]
    box = next((one for one in drawn if counter.names_box(args["box_no"], one)), None)
    if box is None:
        raise InputRefused("box_not_drawn", "look_again")
    inside = sample.items(room, person, stocktake_id, box.id)
    if args["lines"] is None:
        return {"items": [{"id": item.id, "ref_code": item.ref_code, "title": item.title} for item in inside]}
    by_code = {item.ref_code: item.id for item in inside}
    counted = [_counted(by_code, number, line) for number, line in enumerate(args["lines"], 1)]
    return {"differences": sample.count(room, person, stocktake_id, box.id, counted)}


def _counted(by_code: dict[str, str], number: int, line: str) -> Counted:
    code, _, said = line.rpartition(",")
    item_id, said = by_code.get(code.strip()), said.strip().lower()
    if item_id is None or not (said in (*MISSING, *THERE) or said.isdecimal()):
        raise InputRefused("counted_line_unread", "write_number_and_pages", line=number, text=line[:60])
    return Counted(item_id, said not in MISSING, int(said) if said.isdecimal() else None)


@needs("count")
def _sheet(room: Room, person: Person, args: Args) -> Args:
    told = sheet(room, person, _named(room, args["id"]))
    return {"sheet": asdict(told), "printable": asdict(printable(told, args["language"], room.zone))}


@needs("count")
def _printed(room: Room, person: Person, args: Args) -> Args:
    sheets = print_out.Sheets("stocktake.sheet", "", "internal", args["listed"], args["pages"], args["sha256"])
    print_out.record(room.database, sheets, person)
    return {}


def _sign(room: Room, person: Person, args: Args) -> Args:
    signed = stocktake.sign(room, person, _named(room, args["id"]))
    return {"signed": [one.name for one in sheet(room, person, signed.id).signatures]}


def _approve(room: Room, person: Person, args: Args) -> Args:
    lines = [_line(room, person, args["id"], no) for no in args["lines"]]
    states = []
    for line in lines:
        now = differences.get(room.database, line.id).state
        with_another = args["correct"] and line.state == "open" and now == "approved"  # each stood in the other's place
        states.append(now if with_another else stocktake.decide(room, person, line.id, args["correct"]).state)
    return {"states": states}


def _put_right(room: Room, person: Person, args: Args) -> Args:
    difference = _line(room, person, args["id"], args["line"])
    for text in args["scans"]:
        difference = put_right.step(room, person, difference.id, text)
    box = room.catalogue.box(difference.box_id or "")
    return {"state": difference.state, "box_no": box.box_no if box else ""}


def _line(room: Room, person: Person, named: str, no: int) -> Difference:
    """As numbered on the sheet. InputRefused ``line_unknown``."""
    lines = sheet(room, person, _named(room, named)).lines
    if not 1 <= no <= len(lines):
        raise InputRefused("line_unknown", "look_again", no=no)
    return differences.get(room.database, lines[no - 1].id)


def _named(room: Room, named: str) -> str:
    """The stocktake of this id, or the newest for ``last``. InputRefused ``stocktake_unknown``."""
    if named != LAST:
        return named
    known = stocktakes.recent(room.database)
    if not known:
        raise InputRefused("stocktake_unknown", "look_again", stocktake=named)
    return max(known, key=lambda one: one.begun_ms).id
