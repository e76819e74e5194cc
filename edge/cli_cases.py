"""``storeroom describe case`` and ``checklist``: cases from their opening to their end, and what each is to hold."""

from __future__ import annotations

from pathlib import Path

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_archive import BY_OPTION, do, told
from edge.cli_options import JSON_OPTION
from edge.store.cases import CLOSING
from edge.words import say


@click.command("case")
@click.argument("series_or_case")
@click.argument("name", default="")
@click.option("--department", default="")
@click.option("--opened", default="", help="Date.")
@click.option(
    "--link", default="", metavar="item|volume|box:ID", help="Put something that lies elsewhere into the case."
)
@click.option("--show", is_flag=True, help="What it is to hold, and all that belongs to it, wherever it lies.")
@click.option("--tick", type=click.IntRange(1), help="Line of the check-list that it has now.")
@click.option("--close", "why", default="", type=click.Choice(["", *CLOSING]), help="The event that ends the case.")
@click.option("--on", default="", help="Date of that event.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def case(
    series_or_case: str,
    name: str,
    department: str,
    opened: str,
    link: str,
    show: bool,
    tick: int | None,
    why: str,
    on: str,
    config_path: Path,
    by: str,
    as_json: bool,
) -> None:
    """Open a case 个案 in a series; or show a case, tick its check-list, link something to it, or close it.

    Example: storeroom describe case KH0001 --close cooperation_ended --on 20240630 --by ID
    """
    if show or tick is not None:
        answer = do(config_path, by, "case_tick" if tick else "case_show", {"case": series_or_case, "line": tick})
        has = [say(language(), f"describe.{'has' if one['present'] else 'lacks'}") for one in answer["wanted"]]
        lines = [("case_line", {**one, "has": mark}) for one, mark in zip(answer["wanted"], has, strict=True)]
        lines += [("case_holds", {**one, "slot": one["slot"] or "—"}) for one in answer["holdings"]]
        told(as_json, answer, ("case_head", answer["case"]), *lines)
    elif link:
        kind, _, subject = link.partition(":")
        answer = do(config_path, by, "case_link", {"case": series_or_case, "kind": kind, "subject": subject})
        told(as_json, answer, ("linked", {"case": series_or_case}))
    elif why:
        answer = do(config_path, by, "case_close", {"case": series_or_case, "why": why, "on": on})
        told(as_json, answer, ("closed", {**answer, "case": series_or_case, "on": on}))
    else:
        asked = {"series_id": series_or_case, "name": name, "department": department, "opened": opened}
        answer = do(config_path, by, "case", asked)
        told(as_json, answer, ("case", answer))


@click.command("checklist")
@click.argument("series_id")
@click.argument("whats", nargs=-1, required=True)
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def checklist(series_id: str, whats: tuple[str, ...], config_path: Path, by: str, as_json: bool) -> None:
    """What every case of a series is to hold 收集内容.

    Example: storeroom describe checklist ID 合同 营业执照 验收报告 --by ID
    """
    answer = do(config_path, by, "case_checklist", {"series": series_id, "whats": list(whats)})
    told(as_json, answer, ("checklist", {"count": len(whats)}))
