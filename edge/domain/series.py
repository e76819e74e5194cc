"""Series 类别 of a fonds, and how the numbers of its registers are written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from edge.domain import archive_numbers
from edge.errors import InputRefused

Arrangement = Literal["item", "volume", "case"]  # 按件 按卷 个案
NumberRule = Literal["2015", "2022", "1994", "case"]
Loanable = Literal["yes", "view", "scan"]  # 可外借 只查阅 只提供数字副本
State = Literal["open", "reviewed", "sealed"]

PARTS = ("year", "retention", "org")
FITTING: dict[str, tuple[str, ...]] = {"item": ("2015", "2022"), "volume": ("2022", "1994"), "case": ("case",)}


@dataclass(frozen=True, slots=True)
class Series:
    """``category``: its code, of cases their prefix. ``parts``: which of PARTS its numbers name."""

    id: str
    fonds_no: str
    parent: str | None
    name: str
    arrangement: Arrangement
    number_rule: NumberRule
    category: str
    classes: str
    catalogue_no: str
    project_no: str
    parts: str
    retention: str
    loanable: Loanable
    item_width: int
    file_width: int


@dataclass(frozen=True, slots=True)
class Register:
    """``year`` 0, ``retention`` and ``org`` "": its numbers name none. ``last_no``: the highest ever fixed."""

    id: str
    series_id: str
    year: int
    retention: str
    org: str
    state: State
    last_no: int
    reviewed_by: str
    sealed_by: str
    gaps_reason: str


def write(series: Series, register: Register, no: int, item_no: int | None = None) -> str:
    """The number ``no`` of the register as its rule writes it; ``item_no``: of an item within volume or case ``no``.

    Numbers that outgrow their width are written in full.
    """
    if series.arrangement == "case":
        piece = f"-{item_no:0{series.item_width}d}" if item_no is not None else ""
        return f"{series.category}{no:0{series.file_width}d}{piece}"
    if series.arrangement == "item":
        tail = [f"{no:0{series.item_width}d}"]
    else:
        tail = [f"{no:0{series.file_width}d}"]
        tail += [] if item_no is None else [f"{item_no:0{series.item_width}d}"]
    if series.number_rule == "1994":
        return "-".join([series.fonds_no, series.catalogue_no, *tail])
    classes = [series.category, *(part for part in series.classes.split("·") if part)]
    classes += [str(register.year)] if register.year else []
    after = [part for part in (register.retention, register.org) if part]
    if series.number_rule == "2015":
        return "-".join([series.fonds_no, "·".join(classes), *after, *tail])
    return "-".join([series.fonds_no, "·".join([*classes, *after]), *tail])


def key(written: str, categories: frozenset[str], prefixes: Collection[str]) -> str:
    """Canonical key of a number of ours. InputRefused ``number_would_not_read``: a part of it holds a joiner."""
    read = archive_numbers.parse(written, categories, prefixes)
    if read.rule == "foreign" or read.mended:
        raise InputRefused("number_would_not_read", "change_class_or_org", number=written)
    return read.key


def require_fitting(series: Series) -> None:
    """InputRefused ``series_rule_unfit``, ``…_prefix``, ``…_catalogue_missing``, ``…_class_unreadable``."""
    if series.number_rule not in FITTING[series.arrangement]:
        raise InputRefused("series_rule_unfit", "choose_other_rule", rule=series.number_rule)
    if series.arrangement == "case" and not (
        len(series.category) == 2 and series.category.isascii() and series.category.isupper()
    ):
        raise InputRefused("series_prefix", "use_two_capitals", prefix=series.category)
    if series.number_rule == "1994" and not series.catalogue_no.isdigit():
        raise InputRefused("series_catalogue_missing", "give_catalogue_no")
    if any(mark in f"{series.category}{series.classes.replace('·', '')}" for mark in "-./ "):
        raise InputRefused("series_class_unreadable", "change_class_or_org", text=f"{series.category}·{series.classes}")
