"""Queries of every class, drawn from a generated catalogue by a fixed seed, and what brute force finds for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from opencc import OpenCC

from edge.domain import archive_numbers, pinyin, search_near, search_query, search_text
from edge.domain.records import may_see
from edge.domain.search_query import ANY, Filters, Order
from tests.benchmarks.generated_catalogue import KINDS, Entry, spoiled

CLEARANCE = "internal"
NOT_WRITTEN = "龘靐齉"


@dataclass(frozen=True, slots=True)
class Asked:
    """``wanted``: brute force on one entry's text; None where a target is looked for instead. ``pieces``: every text
    that is wanted has one of them, which spares asking it of the others."""

    query: str
    wanted: Callable[[str, Entry], bool] | None = None
    pieces: tuple[str, ...] = ("",)
    target: str = ""  # its archive number
    filters: Filters = field(default=ANY)
    order: Order = "newest"


def text_of(entry: Entry) -> str:
    """All that is searched of it, normalised, a line a field."""
    item = entry.item
    return search_text.normalise(
        "\n".join((item.title, item.responsible, item.doc_no, item.context, item.ref_code, entry.page))
    )


def classes(entries: list[Entry], each: int, seed: int = 5) -> dict[str, list[Asked]]:
    """``each`` queries a class; ``entries`` in the order of the store."""
    random = Random(seed)
    seen = [entry for entry in entries if may_see(CLEARANCE, entry.item.secret_level)]
    with_page = [entry for entry in seen if entry.page]
    traditional = OpenCC("s2t")

    def some(source: list[Entry] = seen) -> Entry:
        return random.choice(source)

    def piece(text: str, length: int) -> str:
        han = "".join(search_text.HAN.findall(text))
        at = random.randrange(max(1, len(han) - length + 1))
        return han[at : at + length]

    def in_title(least: int, most: int) -> Asked:
        title = some().item.title[2:]
        return words(piece(title, random.randint(least, most)))

    def typed(entry: Entry, whole: bool) -> Asked:
        length = random.randint(2, 3) if whole else random.randint(3, 6)
        heard = [one.split("/")[0] for one in pinyin.sounds(entry.item.title[2:]).split()]
        at = random.randrange(max(1, len(heard) - length + 1))
        part = heard[at : at + length]
        return Asked("".join(part if whole else [one[0] for one in part]))

    def narrowed() -> Asked:
        entry = some()
        assert entry.item.year is not None
        filters = Filters(
            fonds_no=entry.item.fonds_no,
            year_from=entry.item.year - 2,
            year_to=entry.item.year,
            retention=entry.item.retention,
        )
        return words(random.choice(KINDS), filters)

    def kinds_of() -> dict[str, Callable[[], Asked]]:
        return {
            "1 hanzi": lambda: in_title(1, 1),
            "2 hanzi": lambda: in_title(2, 2),
            "2 hanzi, page text": lambda: words(piece(some(with_page).page[:60], 2)),
            "2 hanzi, very common": lambda: words(random.choice(KINDS)[:2]),
            "3 hanzi": lambda: in_title(3, 3),
            "4-6 hanzi": lambda: in_title(4, 6),
            "8 hanzi, page text": lambda: words(_run_of(some(with_page).page, 8)),
            "two words": lambda: two(some(), random),
            "person + word": lambda: words(f"{(one := some().item).responsible.split()[1]} {one.title[-2:]}"),
            "phrase in quotes": lambda: phrase(some(), random),
            "Traditional": lambda: traditional_of(in_title(2, 4), traditional),
            "number": lambda: Asked(one := some().item.ref_code, target=one),
            "number prefix": lambda: prefix(some().item.ref_code[: random.randint(12, 16)]),
            "initials": lambda: typed(some(), whole=False),
            "two letters": lambda: Asked(typed(some(), whole=False).query[:2]),
            "full pinyin": lambda: typed(some(), whole=True),
            "filters + word": narrowed,
            "number order": lambda: words(random.choice(KINDS)[:2], order="number"),
            "best first": lambda: words(random.choice(KINDS)[:2], order="best"),
            "no hit": lambda: words(piece(some().item.title, 2) + random.choice(NOT_WRITTEN)[:1] * 2),
            "one wrong hanzi": lambda: near(some(), random),
        }

    return {name: [make() for _ in range(each)] for name, make in kinds_of().items()}


def words(query: str, filters: Filters = ANY, order: Order = "newest") -> Asked:
    runs = search_text.query_runs(query)

    def wanted(text: str, entry: Entry) -> bool:
        item = entry.item
        return (
            all(run in text for run in runs)
            and filters.fonds_no in ("", item.fonds_no)
            and filters.retention in ("", item.retention)
            and (filters.year_from is None or (item.year or 0) >= filters.year_from)
            and (filters.year_to is None or (item.year or 0) <= filters.year_to)
        )

    return Asked(query, wanted, (max(runs, key=len, default=""),), filters=filters, order=order)


def two(entry: Entry, random: Random) -> Asked:
    title = entry.item.title
    at = random.randrange(2, len(title) - 4)
    return words(f"{title[at : at + 2]} {title[-2:]}")


def phrase(entry: Entry, random: Random) -> Asked:
    at = random.randrange(2, len(entry.item.title) - 4)
    plain = entry.item.title[at : at + 4]
    return replace(words(plain), query=f"“{plain}”")


def prefix(typed: str) -> Asked:
    folded = archive_numbers.prefix_fold(typed)
    wanted = (search_text.normalise(typed),)  # the catalogue has its numbers in one writing
    return Asked(
        typed, lambda _text, entry: archive_numbers.prefix_fold(entry.item.ref_code).startswith(folded), wanted
    )


def traditional_of(asked: Asked, converter: OpenCC) -> Asked:
    written = converter.convert(asked.query)
    return replace(asked, query=written)


def near(entry: Entry, random: Random) -> Asked:
    title = entry.item.title
    length = random.randint(4, 7)
    at = random.randrange(2, max(3, len(title) - length))
    query = spoiled(title[at : at + length], random)
    [nearly] = search_near.expressions(search_query.terms(query))
    half = len(query) // 2  # one wrong character leaves one half whole

    def wanted(text: str, _entry: Entry) -> bool:
        return (query[:half] in text or query[half:] in text) and nearly.pattern.search(text) is not None

    return Asked(query, wanted, (query[:half], query[half:]), target=entry.item.ref_code)


def _run_of(page: str, length: int) -> str:
    run = max(page.split("，")[:6], key=len)
    return run[:length]
