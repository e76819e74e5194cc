"""``storeroom site …``: the tables that a site keeps for itself. A system administrator changes them."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_archive import BY_OPTION, do, told
from edge.cli_options import JSON_OPTION
from edge.domain.records import SECRECY
from edge.domain.register_columns import COLUMNS
from edge.domain.series import Loanable
from edge.words import say


@click.group()
def site() -> None:
    """Secret levels, retention classes, category codes, headings and people of a fonds.

    Example: storeroom site secret-level trade 行业秘密 --clearance confidential --by ID
    """


@site.command("list")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def list_tables(config_path: Path, by: str, as_json: bool) -> None:
    """Everything the site has set.

    Example: storeroom site list --by ID
    """
    answer = do(config_path, by, "site", {})
    retentions = [{**one, "years": one["years"] or say(language(), "choice.for_ever")} for one in answer["retentions"]]
    lines = [("site_secret", one) for one in answer["secret_levels"]] + [("site_retention", one) for one in retentions]
    told(
        as_json,
        answer,
        *lines,
        *(("site_category", {"code": code, "name": name}) for code, name in answer["categories"]),
    )


@site.command("secret-level")
@click.argument("code")
@click.argument("name")
@click.option("--clearance", type=click.Choice(SECRECY[2:]), required=True, help="Who may see records of it.")
@click.option("--off", is_flag=True, help="No longer given; records that have it keep it.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def secret_level(code: str, name: str, clearance: str, off: bool, config_path: Path, by: str, as_json: bool) -> None:
    """Add or change a secret level 密级.

    Example: storeroom site secret-level trade 行业秘密 --clearance confidential --by ID
    """
    asked = {"code": code, "name": name, "clearance": clearance, "active": not off}
    told(as_json, do(config_path, by, "site_secret", asked), ("site_set", {"code": code}))


@site.command("retention")
@click.argument("code")
@click.option("--years", type=click.IntRange(1, 200), help="None: for ever.")
@click.option(
    "--counts-from", type=click.Choice(["filing", "year_end", "event"]), default="year_end", show_default=True
)
@click.option(
    "--then",
    "then_do",
    type=click.Choice(["keep", "appraise", "destroy", "transfer"]),
    default="appraise",
    show_default=True,
)
@click.option("--basis", default="", help="Law or table row.")
@click.option("--off", is_flag=True, help="No longer given; records that have it keep it.")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def retention(
    code: str,
    years: int | None,
    counts_from: str,
    then_do: str,
    basis: str,
    off: bool,
    config_path: Path,
    by: str,
    as_json: bool,
) -> None:
    """Add or change a retention class 保管期限; event: counted from the end of cooperation, project or employment.

    Example: storeroom site retention D15 --years 15 --counts-from event --by ID
    """
    one = {"code": code, "years": years, "counts_from": counts_from, "then_do": then_do, "basis": basis}
    told(as_json, do(config_path, by, "site_retention", {**one, "active": not off}), ("site_set", {"code": code}))


@site.command("category")
@click.argument("code")
@click.argument("name")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def category(code: str, name: str, config_path: Path, by: str, as_json: bool) -> None:
    """Add a category code 门类代码 beside those of DA/T 13-2022.

    Example: storeroom site category IS 信息系统 --by ID
    """
    answer = do(config_path, by, "site_category", {"code": code, "name": name})
    again = [("read_again", {"code": code, "count": answer["read_again"]})] if answer["read_again"] else []
    told(as_json, answer, ("site_set", {"code": code}), *again)


@site.command("loanable")
@click.argument("series_id", metavar="SERIES")
@click.argument("loanable", type=click.Choice(get_args(Loanable)))
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def loanable_command(series_id: str, loanable: str, config_path: Path, by: str, as_json: bool) -> None:
    """Whether records of a series 类别 may leave the room: yes, view (read here), scan (digital copy only).

    Example: storeroom site loanable ID view --by ID
    """
    answer = do(config_path, by, "site_loanable", {"series_id": series_id, "loanable": loanable})
    told(as_json, answer, ("site_set", {"code": answer["name"]}))


@site.command("fonds-people")
@click.argument("fonds_no")
@click.argument("people", nargs=-1)
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def fonds_people(fonds_no: str, people: tuple[str, ...], config_path: Path, by: str, as_json: bool) -> None:
    """Only these people (ids) describe and correct in the fonds; none named: everybody with the right.

    Example: storeroom site fonds-people Z109 ID ID --by ID
    """
    asked = {"fonds_no": fonds_no, "person_ids": list(people)}
    told(as_json, do(config_path, by, "site_fonds", asked), ("site_set", {"code": fonds_no}))


@site.command("headings")
@click.argument("fonds_no")
@click.argument("kind", type=click.Choice(tuple(COLUMNS)))
@click.argument("columns", nargs=-1, metavar="[COLUMN[=HEADING][:SHARE]]...")
@CONFIG_OPTION
@BY_OPTION
@JSON_OPTION
def headings(fonds_no: str, kind: str, columns: tuple[str, ...], config_path: Path, by: str, as_json: bool) -> None:
    """Columns and headings of a fonds' printed registers; none named: show them; "usual": those of DA/T 22-2015;
    "2000": those of DA/T 22-2000.

    Example: storeroom site headings Z109 files item_no=件号 responsible doc_no=文件字号 title:80 date pages --by ID
    """
    answer = do(config_path, by, "site_headings", {"fonds_no": fonds_no, "kind": kind, "written": list(columns)})
    lines = [
        ("heading", {**one, "words": one["words"] or say(language(), f"print.heading.{one['column']}")})
        for one in answer["headings"]
    ]
    told(as_json, answer, *lines)


COMMANDS: tuple[click.Command, ...] = (site,)
