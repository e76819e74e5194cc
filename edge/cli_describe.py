"""``storeroom describe …``: what there is, described for the first time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_archive import BY_OPTION, do, told
from edge.cli_cases import case, checklist
from edge.cli_options import JSON_OPTION
from edge.domain.series import FITTING, PARTS
from edge.store.fonds_file import KINDS
from edge.words import say

SET_OPTION = click.option(
    "--set", "values", multiple=True, metavar="FIELD=VALUE", help="One field; may be given many times."
)
REASON_OPTION = click.option("--reason", default="", help="Why; kept with the old value for ever.")


@click.group()
def describe() -> None:
    """Describe fonds, series, volumes, items, boxes and cases.

    Example: storeroom describe item SERIES --set title=关于会议的通知 --set date=20110315 --by ID
    """


for command in (case, checklist):
    describe.add_command(command)


@describe.command("fonds")
@click.argument("fonds_no")
@SET_OPTION
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def fonds(fonds_no: str, values: tuple[str, ...], config_path: Path, by: str, as_json: bool) -> None:
    """Describe a fonds 全宗.

    Example: storeroom describe fonds Z109 --set name=水务局 --set unit=水务局 --set start_date=1958 … --by ID
    """
    answer = do(config_path, by, "fonds", {"fonds": fonds_no, "values": pairs(values)})
    told(as_json, answer, ("fonds", {"fonds": fonds_no}))


@describe.command("series")
@click.argument("fonds_no")
@click.argument("name", default="")
@click.option("--by-what", "arrangement", type=click.Choice(list(FITTING)), default="item", show_default=True)
@click.option("--rule", type=click.Choice(["2015", "2022", "1994", "case"]), default="2015", show_default=True)
@click.option("--category", default="WS", show_default=True, help="Category code, or the prefix of cases: KH.")
@click.option("--classes", default="", help="Below the category, joined by ·")
@click.option("--catalogue-no", default="", help="目录号, for rule 1994.")
@click.option("--parts", default=" ".join(PARTS), show_default=True, help="Which of these the numbers name.")
@click.option("--retention", default="", help="Retention class of what says none.")
@click.option("--loanable", type=click.Choice(["yes", "view", "scan"]), default="yes", show_default=True)
@click.option("--list", "listed", is_flag=True, help="List the series of the fonds instead.")
@click.option("--found", is_flag=True, help="List the series that imported numbers form and nobody took up yet.")
@click.option("--adopt", is_flag=True, help="Take up the found one of this category, classes and catalogue number.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def series(
    fonds_no: str,
    name: str,
    listed: bool,
    found: bool,
    adopt: bool,
    rule: str,
    config_path: Path,
    by: str,
    as_json: bool,
    **told_of: str,
) -> None:
    """Make a series 类别 of a fonds, or list them; or take up one that imported numbers form.

    Example: storeroom describe series Z109 文书档案 --category WS --rule 2015 --by ID
    """
    if listed:
        answer = do(config_path, by, "series_list", {"fonds": fonds_no})
        told(as_json, answer, *(("series_line", one) for one in answer["series"]))
        return
    if found:
        there = [one for one in do(config_path, by, "found", {})["series"] if one["fonds_no"] == fonds_no]
        lines = [("found_line", {**one, "runs": len(one["runs"])}) for one in there]
        told(as_json, {"series": there}, *(lines or [("none_found", {})]))
        return
    if adopt:
        which = {"fonds_no": fonds_no, "name": name}
        which |= {part: told_of[part] for part in ("category", "classes", "catalogue_no")}
        answer = do(config_path, by, "adopt", which)
        told(as_json, answer, ("series", answer))
        return
    of_cases = told_of["arrangement"] == "case"
    new: dict[str, Any] = {"id": "", "fonds_no": fonds_no, "parent": None, "name": name or told_of["category"]}
    new |= {"number_rule": rule, "project_no": "", "item_width": 4, "file_width": 4 if of_cases else 3, **told_of}
    new |= {"parts": ""} if of_cases else {}
    answer = do(config_path, by, "series", {"series": new})
    told(as_json, answer, ("series", answer))


def _describing(level: str, values: tuple[str, ...], config_path: Path, by: str, series_id: str, **held: str) -> Any:
    return do(config_path, by, level, {"series": series_id, "values": pairs(values), "held": held})


@describe.command("item")
@click.argument("series_id")
@SET_OPTION
@click.option("--box", default="", help="Its box: label or number.")
@click.option("--volume", default="", help="Its volume, by number, label or id, where the series is by volume.")
@click.option("--case", default="", help="Its case, where the series is of cases: KH0001.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def item(
    series_id: str,
    values: tuple[str, ...],
    box: str,
    volume: str,
    case: str,
    config_path: Path,
    by: str,
    as_json: bool,
) -> None:
    """Describe an item 件; it gets the next number of its register.

    Example: storeroom describe item ID --set title=通知 --set date=20110315 --set pages=4 --set retention=Y --by ID
    """
    answer = _describing("item", values, config_path, by, series_id, box=box, volume=volume, case=case)
    _told_number(as_json, "item", answer)


@describe.command("volume")
@click.argument("series_id")
@SET_OPTION
@click.option("--box", default="", help="Its box: label or number.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def volume(series_id: str, values: tuple[str, ...], box: str, config_path: Path, by: str, as_json: bool) -> None:
    """Describe a volume 案卷.

    Example: storeroom describe volume ID --set title=凭证 --set start_date=2017 --set end_date=2017 … --by ID
    """
    _told_number(as_json, "volume", _describing("volume", values, config_path, by, series_id, box=box))


@describe.command("box")
@click.argument("fonds_no")
@click.argument("box_no")
@click.option("--thickness", "thickness_mm", type=click.IntRange(5, 200), default=50, show_default=True, help="mm")
@click.option("--title", default="")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def box(fonds_no: str, box_no: str, thickness_mm: int, title: str, config_path: Path, by: str, as_json: bool) -> None:
    """Register a box 盒.

    Example: storeroom describe box Z109 12 --thickness 30 --by ID
    """
    asked = {"fonds_no": fonds_no, "box_no": box_no, "thickness_mm": thickness_mm, "title": title}
    answer = do(config_path, by, "box", asked)
    told(as_json, answer, ("box", answer))


@describe.command("fonds-file")
@click.argument("fonds_no")
@click.argument("kind", type=click.Choice(["", *KINDS]), default="")
@SET_OPTION
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def fonds_file(fonds_no: str, kind: str, values: tuple[str, ...], config_path: Path, by: str, as_json: bool) -> None:
    """The fonds file 全宗卷: what is in it, or with a kind, a paper to add.

    Example: storeroom describe fonds-file Z109 arrangement --set title=2011年整理说明 --set date=20120301 --by ID
    """
    if kind:
        answer = do(config_path, by, "fonds_paper", {"fonds": fonds_no, "kind": kind, "values": pairs(values)})
        told(as_json, answer, ("paper", answer))
        return
    answer = do(config_path, by, "fonds_file", {"fonds": fonds_no})
    told(as_json, answer, *(("paper_line", one) for one in answer["papers"]))


@describe.command("labels")
@click.option("--printed", is_flag=True, help="They were all printed anew and stuck on.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def labels(printed: bool, config_path: Path, by: str, as_json: bool) -> None:
    """Boxes whose spine label is to be printed anew.

    Example: storeroom describe labels --by ID
    """
    answer = do(config_path, by, "reprinted" if printed else "reprint", {})
    told(
        as_json,
        answer,
        *(
            [("reprint", {**one, "home_slot": one["home_slot"] or "—"}) for one in answer["boxes"]]
            or [("no_reprint", {})]
        ),
    )


COMMANDS: tuple[click.Command, ...] = (describe,)


def pairs(values: tuple[str, ...]) -> dict[str, str]:
    wrong = next((one for one in values if "=" not in one), None)
    if wrong is not None:
        raise click.UsageError(f"--set wants FIELD=VALUE, not {wrong!r}")
    return {name.strip(): value for name, _, value in (one.partition("=") for one in values)}


def _told_number(as_json: bool, msgid: str, answer: dict[str, Any]) -> None:
    told(as_json, answer, (msgid, answer), *([] if answer["fixed"] else [("provisional", {})]))
    warn(answer["warnings"])


def warn(codes: list[str]) -> None:
    for code in codes:
        click.echo(say(language(), f"warning.{code}"), err=True)
