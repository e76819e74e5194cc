"""Acts on the archive from a terminal: who acts proves it by PIN, and the running node does it, or the locked store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from edge.cli import language
from edge.cli_node import done_by
from edge.cli_options import as_json_text, tell
from edge.cli_people import ask_pin
from edge.config import load
from edge.control import Progress, Verb
from edge.domain.block import Layout
from edge.domain.people import Person
from edge.domain.placing import Hands
from edge.domain.records import SecretLevel
from edge.domain.retention import RetentionClass
from edge.domain.series import Series
from edge.domain.shelf_room import ShelfLimits
from edge.errors import InputRefused
from edge.store.database import Database
from edge.store.number_runs import Standing
from edge.store.people import People
from edge.words import say
from edge.workflows import cases, changed_outside, correct, describe, placing, seal, site
from edge.workflows.archive import Archive, archive_in

Args = dict[str, Any]
Act = Callable[[Archive, Person, Args], Args]

BY_OPTION = click.option("--by", required=True, help="Id of who does it; the PIN is asked for.")
VERB = "archive"


def _series_list(archive: Archive, _person: Person, args: Args) -> Args:
    return {"series": [asdict(one) for one in archive.numbering.all_series(args["fonds"])]}


def _standing(archive: Archive, _person: Person, args: Args) -> Args:
    return {"registers": [_shown(one) for one in archive.numbering.standing(args["series"], args["year"])]}


def _review(archive: Archive, person: Person, args: Args) -> Args:
    seal.review(archive, person, args["series"], args["year"])
    return _standing(archive, person, args)


def _renumber(archive: Archive, person: Person, args: Args) -> Args:
    wanted = args["order"] or [
        one.id for one in archive.numbering.numbered(args["register"]) if one.state != "void"
    ]  # as they stand: closes the gaps
    return {"changed": seal.renumber(archive, person, args["register"], wanted)}


def _case_show(archive: Archive, person: Person, args: Args) -> Args:
    case, wanted, holdings = cases.whole(archive, person, args["case"])
    return {"case": asdict(case), "wanted": [asdict(one) for one in wanted], "holdings": holdings}


def _case_tick(archive: Archive, person: Person, args: Args) -> Args:
    cases.tick(archive, person, args["case"], args["line"])
    return _case_show(archive, person, args)


def _fonds_paper(archive: Archive, person: Person, args: Args) -> Args:
    return asdict(describe.fonds_paper(archive, person, args["fonds"], args["kind"], args["values"]))


def _site(archive: Archive, _person: Person, _args: Args) -> Args:
    return {
        "secret_levels": [asdict(one) for one in archive.site.secret_levels()],
        "retentions": [asdict(one) for one in archive.site.retention_classes()],
        "categories": archive.site.categories(),
    }


def _reprinted(archive: Archive, person: Person, _args: Args) -> Args:
    boxes = archive.spines.to_reprint()
    if boxes:
        describe.reprinted(archive, person, [box["box_id"] for box in boxes])
    return {"boxes": archive.spines.to_reprint()}


def _correct(archive: Archive, person: Person, args: Args) -> Args:
    level, subject = args["level"], _subject(archive, args["level"], args["subject"])
    fields = correct.correct(archive, person, level, subject, args["values"], args["reason"])
    return {"fields": fields, "warnings": list(correct.mixed(archive, level, subject, fields))}


def _put(archive: Archive, person: Person, args: Args) -> Args:
    done = placing.read_on(archive, person, args["texts"], Hands())
    refused = {**done.refused.as_json(), "family": type(done.refused).__name__} if done.refused else None
    put = [{**asdict(box), "slot": slot} for box, slot in done.put]
    return {"put": put, "waits": asdict(done.hands), "refused": refused, "left": done.left}


def _shelves(archive: Archive, _person: Person, args: Args) -> Args:
    rooms = archive.shelves.room(args["prefix"])
    return {"shelves": [{**asdict(one), "free_mm": one.free_mm, "free_g": one.free_g} for one in rooms]}


def _shelf_limits(archive: Archive, person: Person, args: Args) -> Args:
    rooms = placing.set_shelf_limits(archive, person, args["prefix"], ShelfLimits(**args["limits"]))
    return {"shelves": [{**asdict(one), "free_mm": one.free_mm, "free_g": one.free_g} for one in rooms]}


def _moves(archive: Archive, box_id: str) -> Args:
    return {"moves": [asdict(one) for one in archive.shelves.history(box_id)]}


def _item_id(archive: Archive, written: str) -> str:
    """By archive number in any writing, by label, or the id itself."""
    found = archive.catalogue.item_by_ref(written) or archive.catalogue.item(written)
    if found is None:
        raise InputRefused("record_unknown", "search_again")
    return found.id


def _subject(archive: Archive, level: str, written: str) -> str:
    if level == "volume":
        found = archive.catalogue.volume(written) or archive.catalogue.volume_by_number(written)
        return found.id if found else written
    return _item_id(archive, written) if level == "item" else written


ACTS: dict[str, Act] = {
    "fonds": lambda at, who, args: _none(describe.fonds(at, who, args["fonds"], args["values"])),
    "series": lambda at, who, args: asdict(describe.series(at, who, Series(**args["series"]))),
    "series_list": _series_list,
    "found": lambda at, _who, _args: {"series": [{**asdict(one), "parts": one.parts} for one in at.numbering.found()]},
    "adopt": lambda at, who, args: asdict(describe.adopt(at, who, **args)),
    "item": lambda at, who, args: asdict(describe.item(at, who, args["series"], args["values"], **args["held"])),
    "volume": lambda at, who, args: asdict(
        describe.volume(at, who, args["series"], args["values"], box=args["held"]["box"])
    ),
    "box": lambda at, who, args: asdict(describe.new_box(at, who, **args)),
    "case": lambda at, who, args: asdict(cases.open_case(at, who, **args)),
    "case_link": lambda at, who, args: _none(
        cases.link(at, who, args["case"], args["kind"], _subject(at, args["kind"], args["subject"]))
    ),
    "case_show": _case_show,
    "case_checklist": lambda at, who, args: _none(cases.set_checklist(at, who, args["series"], args["whats"])),
    "case_tick": _case_tick,
    "case_close": lambda at, who, args: {"pieces": cases.close(at, who, args["case"], args["why"], args["on"])},
    "fonds_paper": _fonds_paper,
    "fonds_file": lambda at, _who, args: {"papers": [asdict(one) for one in at.fonds_file.papers(args["fonds"])]},
    "standing": _standing,
    "renumber": _renumber,
    "review": _review,
    "seal": lambda at, who, args: {
        "registers": [_shown(one) for one in seal.seal(at, who, args["series"], args["year"], args["reason"])]
    },
    "correct": _correct,
    "corrections": lambda at, who, args: {
        "corrections": [
            asdict(one) for one in correct.history(at, who, args["level"], _subject(at, args["level"], args["subject"]))
        ]
    },
    "merge": lambda at, who, args: _none(
        correct.merge(at, who, _item_id(at, args["keep"]), _item_id(at, args["drop"]), args["take"], args["reason"])
    ),
    "into_box": lambda at, who, args: {
        "warnings": list(
            correct.put_in_box(
                at, who, args["level"], _subject(at, args["level"], args["subject"]), args["box"], args["reason"]
            )
        )
    },
    "alike": lambda at, who, args: {"items": correct.alike(at, who, _item_id(at, args["item"]))},
    "void": lambda at, who, args: _none(
        correct.void(at, who, args["level"], _subject(at, args["level"], args["subject"]), args["reason"])
    ),
    "outside": lambda at, who, _args: {
        "records": [{"kind": kind, "key": key, "name": name} for kind, key, name in changed_outside.seen(at, who)]
    },
    "accept_outside": lambda at, who, args: {"accepted": changed_outside.accept(at, who, args["reason"])},
    "put": _put,
    "shelves": _shelves,
    "shelf_limits": _shelf_limits,
    "suggest": lambda at, _who, args: {"slots": at.shelves.suggestions(placing.box_read(at, args["box"]).id)},
    "moves": lambda at, _who, args: _moves(at, placing.box_read(at, args["box"]).id),
    "put_back": lambda at, who, args: _moves(at, placing.put_back(at, who, placing.box_read(at, args["box"]).id).id),
    "box_type": lambda at, who, args: _none(
        placing.set_measures(
            at, who, placing.box_read(at, args["box"]).id, args["type"], args["weighed_g"], args["thickness_mm"]
        )
    ),
    "site": _site,
    "site_secret": lambda at, who, args: _none(site.secret_level(at, who, SecretLevel(**args))),
    "site_retention": lambda at, who, args: _none(site.retention_class(at, who, RetentionClass(**args))),
    "site_loanable": lambda at, who, args: asdict(site.loanable(at, who, **args)),
    "site_category": lambda at, who, args: {"read_again": site.category(at, who, **args)},
    "site_headings": lambda at, who, args: {
        "headings": [
            asdict(one)
            for one in (
                site.headings(at, who, args["fonds_no"], args["kind"], args["written"])
                if args["written"]
                else at.site.headings(args["fonds_no"], args["kind"])
            )
        ]
    },
    "site_fonds": lambda at, who, args: _none(site.let_into_fonds(at, who, **args)),
    "reprint": lambda at, _who, _args: {"boxes": at.spines.to_reprint()},
    "reprinted": _reprinted,
}


def control_verbs(database: Database, layout: Layout, people: People) -> dict[str, Verb]:
    """One verb; which act, and who proves it, is in its arguments."""
    archive = archive_in(database, layout)

    def act(args: Args, _progress: Progress) -> Args:
        person = people.by_pin(args["by"]["id"], args["by"]["pin"])
        return ACTS[args["act"]](archive, person, args["args"])

    return {VERB: act}


def do(config_path: Path, by: str, act: str, args: Args) -> Args:
    """Ask for the PIN, then let the running node act, or do it here under the lock."""
    config = load(config_path)
    asked = {"act": act, "args": args, "by": {"id": by, "pin": ask_pin(tell("ask_pin", id=by))}}
    return done_by(
        config, lambda database, keys: control_verbs(database, config.block, People(database, keys.site)), VERB, asked
    )


def told(as_json: bool, answer: Args, *lines: tuple[str, Args]) -> None:
    """The answer as JSON, or each line's ``describe.<msgid>`` in the terminal's language."""
    if as_json:
        click.echo(as_json_text(answer))
        return
    for msgid, params in lines:
        click.echo(say(language(), f"describe.{msgid}", **params))


def _shown(one: Standing) -> Args:
    return {**asdict(one.register), "count": one.count, "last_no": one.last_no, "gaps": one.gaps, "void": one.void}


def _none(_result: object) -> Args:
    return {}
