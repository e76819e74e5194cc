"""What brute force reads: each item and volume of a generated catalogue with all that is searched of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from edge.domain import search_text
from edge.domain.records import may_see
from tests.benchmarks.generated_catalogue import Entry, NewVolume

CLEARANCE = "internal"  # of whoever asks


@dataclass(frozen=True, slots=True)
class Record:
    """``text``: normalised, a line a field. ``shown``: to whoever asks."""

    ref_code: str
    text: str
    fonds_no: str
    year: int
    retention: str
    shown: bool


def records(entries: Iterable[Entry]) -> Iterator[Record]:
    """In the order of the store: a volume before what lies in it, and hidden whole with one paper that is."""
    lying: list[Entry] = []
    for entry in entries:
        if lying and (entry.begins or not entry.volume):
            yield from _with_volume(lying)
            lying = []
        if entry.volume:
            lying.append(entry)
        else:
            yield _of_item(entry)
    yield from _with_volume(lying)


def _with_volume(lying: list[Entry]) -> Iterator[Record]:
    papers = [_of_item(entry) for entry in lying]
    if lying and lying[0].volume:
        yield _of_volume(lying[0].volume, all(paper.shown for paper in papers))
    yield from papers


def _of_item(entry: Entry) -> Record:
    item = entry.item
    fields = (item.title, item.responsible, item.doc_no, item.context, item.ref_code, *entry.further)
    shown = may_see(CLEARANCE, item.secret_level)
    return Record(item.ref_code, _text(fields), item.fonds_no, item.year or 0, item.retention, shown)


def _of_volume(volume: NewVolume, shown: bool) -> Record:
    text = _text((volume.title, volume.ref_code))
    return Record(volume.ref_code, text, volume.fonds_no, volume.year, volume.retention, shown)


def _text(fields: Iterable[str]) -> str:
    return search_text.normalise("\n".join(fields))
