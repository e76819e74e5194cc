"""Whose a scan is 挂接: file name, folders and catalogue may say different things. None is believed alone.

Pure: paths and what the catalogue knows come in, a plan with a reason for each file goes out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Literal

from edge.domain import archive_numbers, page_gate
from edge.domain.archive_numbers import ArchiveNumber, Codes

State = Literal["hook", "unsure", "refused", "already"]
FileState = Literal["planned", "hooked", "unsure", "refused", "already", "settled"]  # of a run

_PAGE_BEHIND = re.compile(r"(.+?)(?:[-_.\s]+|[(（#])(?:P|第)?(\d{1,4})(?:页|頁)?[)）]?", re.IGNORECASE)
_PAGE_ALONE = re.compile(r"(?:P|第)?\s*(\d{1,4})(?:页|頁)?", re.IGNORECASE)
_YEAR = re.compile(r"((?:1[6-9]|20)\d\d)年?(?:度)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a path. ``page`` None: the file holds the whole item. ``by``: name or folder."""

    number: ArchiveNumber
    page: int | None
    by: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a path says. ``folders``: fonds, category, year, retention, number → what folders name, each once.

    ``why``: what could not be read of a name that looks like a number, "" where it does not even look like one.
    """

    readings: tuple[Reading, ...]
    folders: Mapping[str, tuple[str, ...]]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """An item of the catalogue. ``pages``: as counted there; ``there``: page numbers that are digitised already."""

    item_id: str
    ref_code: str
    ref_key: str | None
    fonds_no: str
    year: int | None
    retention: str
    pages: int | None
    void: bool = False
    there: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A file. ``wrong``: a code and its parameters where it cannot be taken. ``pages``: None = not counted yet.

    ``targets``: items with page, by its readings. ``kept_as``: item that this very content is hooked to, "" = none.
    """

    path: str
    sha256: str
    pages: int | None
    claim: Claim
    targets: tuple[tuple[Target, int | None, str], ...] = ()
    kept_as: str = ""
    wrong: tuple[str, dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """``code``: words ``hook.why.<code>``. ``item_id``: whose it is or may be, "" = nobody knows."""

    path: str
    sha256: str
    state: State
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    item_id: str = ""
    ref_code: str = ""
    page: int | None = None

    def doubted(self, code: str, **params: Any) -> Planned:
        return replace(self, state="unsure", code=code, params=params)


def claim(path: str, codes: Codes, fonds: Collection[str]) -> Claim:
    """Read ``path`` (relative, with slashes); ``fonds``: numbers that the catalogue knows."""
    *above, name = PurePosixPath(path).parts
    stem = PurePosixPath(name).stem.strip()
    folders = _folders(above, codes, fonds)
    readings = [Reading(number, None, "name") for number in _numbers([stem], codes)]
    behind = _PAGE_BEHIND.fullmatch(stem)
    if behind and int(behind[2]):
        readings += [Reading(number, int(behind[2]), "name") for number in _numbers([behind[1]], codes)]
    holder = _numbers(reversed(above), codes)[:1]
    if not readings and holder:
        alone = _PAGE_ALONE.fullmatch(stem)
        page = int(alone[1]) if alone and int(alone[1]) else None
        readings = [Reading(holder[0], page, "folder" if page else "folder_alone")]
    why = "" if readings else archive_numbers.parse(stem, *codes).why
    return Claim(tuple(readings), folders, why if "-" in stem else "")


def judge(found: Sequence[Found]) -> list[Planned]:
    """What becomes of each file, in the order given: first each by itself, then against the others."""
    plan = {one.path: _alone(one) for one in found}
    files = {one.path: one for one in found}
    _same_content(plan)
    by_item: dict[str, list[str]] = defaultdict(list)
    for path, one in plan.items():
        if one.state == "hook":
            by_item[one.item_id].append(path)
    for paths in by_item.values():
        target = files[paths[0]].targets[0][0]
        for path, told in _of_item(target, [(files[path], plan[path]) for path in paths]):
            plan[path] = told
    return [plan[one.path] for one in found]


def differences(said: Mapping[str, tuple[str, ...]], target: Target) -> list[tuple[str, str, str]]:
    """What folders say otherwise than the catalogue: (what, the folders' word, the catalogue's)."""
    number = archive_numbers.of_key(target.ref_key)
    catalogued = {
        "fonds": target.fonds_no,
        "category": number.classes[0] if number.classes else "",
        "year": str(target.year or number.year or ""),
        "retention": target.retention or number.retention,
        "number": target.ref_key or "",
    }
    return [
        (what, word, catalogued[what])
        for what, words in said.items()
        for word in words
        if catalogued[what] and word != catalogued[what]
    ]


def _alone(one: Found) -> Planned:
    bare = Planned(one.path, one.sha256, "refused", "")
    if one.wrong:
        return replace(bare, code=one.wrong[0], params=one.wrong[1])
    if not one.claim.readings:
        return replace(bare, code=one.claim.why or "no_number")
    if not one.targets:
        written = one.claim.readings[-1].number.written
        return replace(bare, code="not_found", params={"number": written})
    target, page, by = one.targets[0]
    told = replace(bare, state="hook", code=f"by_{by}", item_id=target.item_id, ref_code=target.ref_code, page=page)
    if len(one.targets) > 1:
        numbers = "、".join(dict.fromkeys(each.ref_code for each, _, _ in one.targets))
        return told.doubted("two_candidates", numbers=numbers)
    if target.void:
        return replace(told, state="refused", code="item_void", params={"number": target.ref_code})
    if one.kept_as:
        same = one.kept_as == target.item_id
        return replace(told, state="already", code="kept") if same else told.doubted("content_elsewhere")
    if by == "folder_alone":
        return told.doubted("folder_alone")
    for what, word, catalogued in differences(one.claim.folders, target):
        return told.doubted(f"folder_{what}", folder=word, item=catalogued)
    return told


def _same_content(plan: dict[str, Planned]) -> None:
    twins: dict[str, list[str]] = defaultdict(list)
    for path, one in plan.items():
        if one.item_id and one.state in ("hook", "unsure"):
            twins[one.sha256].append(path)
    for paths in twins.values():
        first, *others = paths
        if not others:
            continue
        meant = {(plan[path].item_id, plan[path].page) for path in paths}
        for path in paths:
            other = first if path != first else others[0]
            if len(meant) > 1:
                plan[path] = plan[path].doubted("same_content", other=other)
            elif path != first:
                plan[path] = replace(plan[path], state="already", code="twin", params={"other": other})


def _of_item(target: Target, files: list[tuple[Found, Planned]]) -> Iterable[tuple[str, Planned]]:
    """All that would be hooked to one item, against each other and against what the catalogue counted."""
    wholes = [one for one in files if one[1].page is None]
    doubt = _doubt(target, files, wholes)
    for _found, planned in files:
        yield planned.path, planned.doubted(doubt[0], **doubt[1]) if doubt else planned


def _doubt(
    target: Target, files: list[tuple[Found, Planned]], wholes: list[tuple[Found, Planned]]
) -> tuple[str, dict[str, Any]] | None:
    if wholes and len(wholes) < len(files):
        return "whole_and_pages", {}
    if len(wholes) > 1:
        return "several_wholes", {"count": len(wholes)}
    if wholes:
        if target.there:
            return "pages_there", {"pages": _some(sorted(target.there))}
        count = wholes[0][0].pages
        differs = count is not None and target.pages is not None and count != target.pages
        return ("pages_differ", {"catalogued": target.pages, "scanned": count}) if differs else None
    numbers = Counter(planned.page or 0 for _, planned in files)
    twice = sorted(number for number, times in numbers.items() if times > 1)
    if twice:
        return "page_twice", {"pages": _some(twice)}
    if any((found.pages or 1) > 1 for found, _ in files):
        return "page_holds_several", {}
    there = sorted(target.there & set(numbers))
    if there:
        return "pages_there", {"pages": _some(there)}
    together = target.there | set(numbers)
    gap = page_gate.missing(together, None)
    if gap:
        return "gap", {"pages": _some(gap)}
    if target.pages is not None and len(together) != target.pages:
        return "pages_differ", {"catalogued": target.pages, "scanned": len(together)}
    return None


def _folders(above: Sequence[str], codes: Codes, fonds: Collection[str]) -> dict[str, tuple[str, ...]]:
    said: dict[str, dict[str, None]] = defaultdict(dict)
    known = {number.upper(): number for number in fonds}
    for segment in above:
        folded = archive_numbers.prefix_fold(segment)
        number = next(iter(_numbers([segment], codes)), None)
        year = _YEAR.fullmatch(folded)
        if number:
            said["number"][number.key] = None
        elif folded in known:
            said["fonds"][known[folded]] = None
        elif year:
            said["year"][year[1]] = None
        elif not folded.isdigit() and (code := archive_numbers.retention_code(segment)):
            said["retention"][code] = None
        else:
            for part in folded.split("-"):
                in_part = _YEAR.fullmatch(part)
                if part in codes[0] or part in codes[1]:
                    said["category"][part] = None
                elif in_part and said["category"]:
                    said["year"][in_part[1]] = None
    return {what: tuple(words) for what, words in said.items() if words}


def _numbers(texts: Iterable[str], codes: Codes) -> list[ArchiveNumber]:
    read = [archive_numbers.parse(text, *codes) for text in texts if text.strip()]
    return [number for number in read if number.rule != "foreign"]


def _some(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:12])) + ("…" if len(numbers) > 12 else "")
