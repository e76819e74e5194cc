"""Why a record was found: its fields and pages with the matching parts marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from edge.domain import search_marks
from edge.domain.records import Field, Hit, Marked
from edge.domain.search_marks import Range, Text
from edge.domain.search_query import Terms
from edge.store.search_rows import Candidates

_FIELDS: tuple[Field, ...] = ("title", "ref_code", "responsible", "doc_no", "context")


class Explain:
    """For one query's few hits."""

    def __init__(self, candidates: Candidates, typed: str, asked: Terms) -> None:
        self._candidates, self._typed, self._asked = candidates, typed, asked

    def marked(self, hit: Hit) -> Hit:
        record = hit.item or hit.volume
        if hit.why == "number" and record:
            ranges = search_marks.of_number(record.ref_code, self._typed)
            return replace(hit, marks=(search_marks.marked("ref_code", record.ref_code, ranges),))
        if hit.why == "near" and record:  # a number with a misread sign
            whole = [(0, len(record.ref_code))]
            return replace(hit, marks=(search_marks.marked("ref_code", record.ref_code, whole),))
        if hit.why == "words":
            return replace(hit, marks=self._marks(hit, lambda text: text.of_terms(self._asked)))
        if hit.why in ("initials", "pinyin"):
            return replace(hit, marks=self._sounding(hit))
        return hit

    def nearly(self, hit: Hit, rest: Terms, pattern: re.Pattern[str]) -> Hit:
        """A hit of one wrong character: where its run is nearly, and the other terms."""
        return replace(hit, marks=self._marks(hit, lambda text: text.of_pattern(pattern) + text.of_terms(rest)))

    def _sounding(self, hit: Hit) -> tuple[Marked, ...]:
        record = hit.item or hit.volume
        assert record is not None, "boxes have no sounds"
        rest = replace(self._asked, letters=())
        title = Text(record.title)
        sounds = self._candidates.unshown(record.id)[1] if hit.item else self._candidates.volume_sounds(record.id)
        ranges = title.of_sounds(self._asked, sounds) + title.of_terms(rest)
        told = search_marks.marked("title", record.title, ranges)
        if not rest.runs and not rest.phrases:
            return (told,)
        others = self._marks(hit, lambda text: text.of_terms(rest))
        return (told, *(mark for mark in others if mark.field != "title"))

    def _marks(self, hit: Hit, find: Callable[[Text], list[Range]]) -> tuple[Marked, ...]:
        """Of all fields; where these do not explain the hit alone, of its scope or the page that holds most as well."""
        told = []
        fields = [(field, Text(written)) for field, written in self._fields(hit)]
        for field, text in fields:
            ranges = find(text)
            if ranges:
                told.append(search_marks.marked(field, text.written, ranges))
        explained = told and (
            hit.why == "near" or self._asked.written_in("\n".join(text.normalised for _field, text in fields))
        )
        if hit.item and not explained:
            told += self._fullest(hit.item.id, find)
        return tuple(told)

    def _fullest(self, item_id: str, find: Callable[[Text], list[Range]]) -> list[Marked]:
        """The first page that holds everything, else the one with the most different signs of it; [] for none."""
        most, found = 0, []
        for page, written in self._candidates.further_of_item(item_id):
            text = Text(written)
            ranges = find(text)
            held = sum(len(piece) for piece in {written[start:end] for start, end in ranges})
            if held > most:
                most, found = held, [search_marks.excerpt(written, ranges, page)]
            if held and self._asked.written_in(text.normalised):
                return [search_marks.excerpt(written, ranges, page)]
        return found

    def _fields(self, hit: Hit) -> list[tuple[Field, str]]:
        if hit.volume is not None:
            return [("title", hit.volume.title), ("ref_code", hit.volume.ref_code)]
        if hit.item is None:
            assert hit.box is not None
            return [("title", hit.box.title), ("box_no", hit.box.box_no), ("fonds_no", hit.box.fonds_no)]
        context, _sounds = self._candidates.unshown(hit.item.id)
        return [(field, context if field == "context" else getattr(hit.item, field)) for field in _FIELDS]
