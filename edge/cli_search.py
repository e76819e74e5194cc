"""``storeroom search``: through the running node when there is one, else on the locked store."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_node import Ask, node_or_store, quiet
from edge.cli_options import tell
from edge.cli_people import ask_pin
from edge.config import Config, load
from edge.control import Progress, Verb
from edge.domain import access, search_query
from edge.domain.records import SECRECY, Hit
from edge.domain.search_query import ORDERS, STATES, Filters
from edge.store.database import Database
from edge.store.people import People
from edge.store.search import Search
from edge.words import say
from edge.workflows import find

if TYPE_CHECKING:
    from edge.workflows.room import Room

SHOWN = ("title", "ref_code", "box_no", "fonds_no")  # fields that stand on a hit's line
CLEARANCE = "internal"  # of whoever holds a terminal: secret items are for people who have identified themselves


def control_verbs(room: Room) -> dict[str, Verb]:
    """What the running node answers at its control socket for ``search``."""
    return _verbs(room.database, room.people)


def _verbs(database: Database, people: People) -> dict[str, Verb]:
    def search(args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        filters, by = Filters(**args["filters"]), args["by"]
        person = people.by_pin(by["id"], by["pin"]) if by else None
        if person:
            access.require(person.roles, "search")
        clearance = access.clearance(person.roles) if person else CLEARANCE
        hits = Search(database).find(
            args["query"], clearance=clearance, limit=args["limit"], filters=filters, order=args["order"]
        )
        if person:
            find.note_secret(database, person, hits)
        return {"hits": [_as_json(hit) for hit in hits]}

    return {"search": search}


def _node(config: Config) -> AbstractContextManager[Ask]:
    return node_or_store(config, lambda database, keys: _verbs(database, People(database, keys.site)))


@click.command("search")
@click.argument("query", default="")
@CONFIG_OPTION
@click.option("--fonds", default="", help="Fonds number 全宗号.")
@click.option("--year", "years", default="", metavar="YEAR[-YEAR]", help="2011, or 2011-2015.")
@click.option("--category", default="", help="Category code 类别号: WS, KJ, KH …")
@click.option("--retention", default="", help="Retention code 保管期限: Y, D30, D10 …")
@click.option("--level", default="", type=click.Choice(["", *SECRECY]), help="Secrecy level 密级.")
@click.option("--place", default="", help="Beginning of a slot code 储位号: B1-A-03-R.")
@click.option("--state", default="", type=click.Choice(["", *STATES]), help="Where the record is.")
@click.option("--order", default="newest", type=click.Choice(ORDERS), show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--by", default="", help="Id of who searches, for more than what is internal; the PIN is asked for.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def search_command(
    query: str,
    config_path: Path,
    fonds: str,
    years: str,
    category: str,
    retention: str,
    level: str,
    place: str,
    state: str,
    order: str,
    limit: int,
    by: str,
    as_json: bool,
) -> None:
    """Find items, volumes and boxes by words, "phrases", archive or box number, slot, label, pinyin or its initials.

    Where nothing is found, one wrong character is forgiven. Without QUERY: all that passes the filters.

    Example: storeroom search 会计凭证 --year 2011-2015 --retention D30 --order number
    """
    first, last = search_query.years(years)
    filters = Filters(fonds, first, last, category, retention, level, place, state)
    proof = {"id": by, "pin": ask_pin(tell("ask_pin", id=by))} if by else None
    asked = {"query": query, "limit": limit, "filters": asdict(filters), "order": order, "by": proof}
    with _node(load(config_path)) as node:
        hits = node("search", asked, quiet)["hits"]
    if as_json:
        click.echo(json.dumps(hits, ensure_ascii=False, indent=1))
        return
    tongue = language()
    for hit in hits:
        title = hit["title"] or say(tongue, "search.box_title", **hit)
        if hit["kind"] == "volume":
            title = say(tongue, "search.volume_title", title=title)
        click.echo("\t".join((hit["ref_code"] or hit["fonds_no"], title, _where(hit), _why(hit))))
    if not hits:
        click.echo(say(tongue, "search.nothing"), err=True)
    if len(hits) == limit:
        click.echo(say(tongue, "search.perhaps_more", limit=limit), err=True)
    click.echo(say(tongue, "search.rights_may_limit"), err=True)


COMMANDS: tuple[click.Command, ...] = (search_command,)


def _where(hit: dict[str, Any]) -> str:
    """Which box it is in, where that belongs, and whether it is in."""
    if not hit["box_no"]:
        return say(language(), "search.no_box")
    if not hit["home_slot"]:
        which = "box_unplaced"
    elif not hit["standing"]:
        which = "box_out"
    else:
        which = f"{hit['kind']}_out" if hit["kind"] != "box" and hit["state"] == "out" else "box"
    return say(language(), f"search.{which}", **hit)


def _why(hit: dict[str, Any]) -> str:
    """Why it was found and with what: the piece that matched in 【】, and what stands around it where nothing else
    on the line shows that.
    """
    tongue = language()
    why = say(tongue, f"search.why.{hit['why']}")
    if not hit["marks"]:
        return why
    shown = [mark for mark in hit["marks"] if mark["field"] in SHOWN]
    mark = shown[0] if shown else hit["marks"][0]
    where, text = say(tongue, f"panel.search.inside.{mark['field']}", page=mark["page"]), mark["text"]
    if shown:
        return f"{why}: {where} " + " ".join(f"【{text[start:end]}】" for start, end in mark["ranges"])
    for start, end in reversed(mark["ranges"]):
        text = f"{text[:start]}【{text[start:end]}】{text[end:]}"
    return f"{why}: {where} {text}"


def _as_json(hit: Hit) -> dict[str, Any]:
    item, box, record = hit.item, hit.box, hit.item or hit.volume
    return {
        "kind": "item" if item else ("volume" if hit.volume else "box"),
        "why": hit.why,
        "marks": [asdict(mark) for mark in hit.marks],
        "item": item.id if item else "",
        "volume": hit.volume.id if hit.volume else "",
        "ref_code": record.ref_code if record else "",
        "title": record.title if record else (box.title if box else ""),
        "date": item.date if item else "",
        "state": record.state if record else (box.state if box else ""),
        "box": box.id if box else "",
        "box_no": box.box_no if box else "",
        "fonds_no": item.fonds_no if item else (box.fonds_no if box else ""),
        "slot": (box.slot or box.home_slot or "—") if box else "",
        "home_slot": (box.home_slot or "") if box else "",
        "standing": bool(box and box.slot),
    }
