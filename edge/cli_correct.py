"""``storeroom seal``, ``correct``, ``merge`` and ``void``: what stands is fixed, or put right with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_archive import BY_OPTION, do, told
from edge.cli_describe import REASON_OPTION, SET_OPTION, pairs, warn
from edge.cli_options import JSON_OPTION
from edge.clock import iso_utc
from edge.store.number_runs import written_gaps
from edge.words import say
from edge.workflows.upkeep_words import records_of


@click.command()
@click.argument("series_id")
@click.argument("year", type=int, required=False)
@click.option("--review", is_flag=True, help="Say that the year is right (0: a series without years).")
@click.option("--seal", "sealing", is_flag=True, help="Fix the numbers of the year for ever.")
@click.option("--renumber", default="", metavar="REGISTER", help="Close the gaps of a register that is not sealed.")
@REASON_OPTION
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def seal(
    series_id: str,
    year: int | None,
    review: bool,
    sealing: bool,
    renumber: str,
    reason: str,
    config_path: Path,
    by: str,
    as_json: bool,
) -> None:
    """Show the numbers of a series, review a year, seal it. Two people, one each.

    Example: storeroom seal SERIES 2011 --review --by ID
    """
    if renumber:
        answer = do(config_path, by, "renumber", {"register": renumber, "order": []})
        told(as_json, answer, ("renumbered", answer))
        return
    if (review or sealing) and year is None:
        raise click.UsageError("which year? Example: storeroom seal SERIES 2011 --review --by ID")
    asked: dict[str, Any] = {"series": series_id, "year": year}
    asked |= {"reason": reason} if sealing else {}
    answer = do(config_path, by, "review" if review else "seal" if sealing else "standing", asked)
    told(as_json, answer, *([("register", _line(one)) for one in answer["registers"]] or [("nothing", {})]))


@click.command()
@click.argument("subject", metavar="NUMBER|ID")
@SET_OPTION
@click.option("--level", type=click.Choice(["item", "volume", "fonds"]), default="item", show_default=True)
@click.option("--box", default="", help="item or volume: the box it lies in from now on, by label or number.")
@REASON_OPTION
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def correct(
    subject: str, values: tuple[str, ...], level: str, box: str, reason: str, config_path: Path, by: str, as_json: bool
) -> None:
    """Correct fields of a record; without --set or --box, show all that was ever corrected.

    Example: storeroom correct Z109-WS·2011-Y-0001 --set pages=5 --reason 漏数一页 --by ID
    """
    if box and values:
        raise click.UsageError("one at a time: --box, or --set")
    asked = {"level": level, "subject": subject}
    if box:
        if level == "fonds":
            raise click.UsageError("a fonds lies in no box")
        answer = do(config_path, by, "into_box", {**asked, "box": box, "reason": reason})
        told(as_json, answer, ("boxed", {"box": box}))
        warn(answer["warnings"])
        return
    if not values:
        answer = do(config_path, by, "corrections", asked)
        told(as_json, answer, *(("correction", _correction(one)) for one in answer["corrections"]))
        return
    answer = do(config_path, by, "correct", {**asked, "values": pairs(values), "reason": reason})
    fields = ", ".join(say(language(), f"field.{name}") for name in answer["fields"])
    told(as_json, answer, ("corrected", {"fields": fields}) if fields else ("unchanged", {}))
    warn(answer["warnings"])


@click.command()
@click.argument("keep", metavar="KEEP")
@click.argument("drop", metavar="DUPLICATE", default="")
@click.option("--take", multiple=True, metavar="FIELD", help="Taken over from the duplicate.")
@REASON_OPTION
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def merge(keep: str, drop: str, take: tuple[str, ...], reason: str, config_path: Path, by: str, as_json: bool) -> None:
    """Make two descriptions of one item one; the duplicate is void. With one number: show what looks the same.

    Example: storeroom merge Z109-WS·2011-Y-0001 Z109-WS·2011-Y-0002 --reason 同一份文件 --by ID
    """
    if not drop:
        answer = do(config_path, by, "alike", {"item": keep})
        told(as_json, answer, *([("alike", one) for one in answer["items"]] or [("no_alike", {})]))
        return
    asked = {"keep": keep, "drop": drop, "take": list(take), "reason": reason}
    told(as_json, do(config_path, by, "merge", asked), ("merged", {}))


@click.command()
@click.argument("subject", metavar="NUMBER|ID")
@click.option("--level", type=click.Choice(["item", "volume", "box"]), default="item", show_default=True)
@REASON_OPTION
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def void(subject: str, level: str, reason: str, config_path: Path, by: str, as_json: bool) -> None:
    """Void a record without deleting it; its number is never given again.

    Example: storeroom void Z109-WS·2011-Y-0002 --reason 重复著录 --by ID
    """
    told(as_json, do(config_path, by, "void", {"level": level, "subject": subject, "reason": reason}), ("voided", {}))


@click.command()
@click.option("--accept", is_flag=True, help="Take all of them as they are now; needs --reason.")
@REASON_OPTION
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def outside(accept: bool, reason: str, config_path: Path, by: str, as_json: bool) -> None:
    """List the records that were changed outside the system, with no trace; the nightly upkeep names them too.

    One that is put right by a correction leaves the list by itself.

    Example: storeroom outside --accept --reason 已与原件核对 --by ID
    """
    if accept:
        answer = do(config_path, by, "accept_outside", {"reason": reason})
        told(as_json, answer, ("outside_accepted", answer))
        return
    answer = do(config_path, by, "outside", {})
    lines = [("outside", _outside(one)) for one in answer["records"]]
    told(as_json, answer, *(lines or [("no_outside", {})]))


COMMANDS: tuple[click.Command, ...] = (seal, correct, merge, void, outside)


def _line(one: dict[str, Any]) -> dict[str, Any]:
    none = say(language(), "describe.none")
    gaps = written_gaps((first, last) for first, last in one["gaps"]) or none
    void_numbers = ", ".join(map(str, one["void"])) or none
    state = say(language(), f"describe.state_{one['state']}")
    return {**one, "gaps": gaps, "void": void_numbers, "state": state, "year": one["year"] or ""}


def _correction(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "field": say(language(), f"field.{one['field']}"), "when": iso_utc(one["utc_ms"])}


def _outside(one: dict[str, Any]) -> dict[str, Any]:
    return {"kind": say(language(), records_of(one["kind"]).msgid), "name": one["name"] or one["key"]}
