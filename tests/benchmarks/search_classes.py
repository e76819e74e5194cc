"""Queries of every class, drawn from a generated catalogue by a fixed seed, and what brute force finds for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from opencc import OpenCC

from edge.domain import archive_numbers, pinyin, search_near, search_query, search_text
from edge.domain.records import may_see
from edge.domain.search_query import ANY, Filters, Order
from tests.benchmarks.generated_catalogue import KINDS, Entry, NewVolume, spoiled
from tests.benchmarks.searched_records import CLEARANCE, Record

NOT_WRITTEN = "龘靐齉"


@dataclass(frozen=True, slots=True)
class Asked:
    """``wanted``: brute force on one record; None where a target is looked for instead. ``pieces``: every text that is
    wanted has one of them, which spares asking it of the others."""

    query: str
    wanted: Callable[[Record], bool] | None = None
    pieces: tuple[str, ...] = ("",)
    target: str = ""  # its archive number
    filters: Filters = field(default=ANY)
    order: Order = "newest"


def classes(entries: list[Entry], each: int, seed: int = 5) -> dict[str, list[Asked]]:
    """``each`` queries a class; ``entries`` in the order of the store."""
    random = Random(seed)
    seen = [entry for entry in entries if may_see(CLEARANCE, entry.item.secret_level)]
    with_page = [entry for entry in seen if entry.page]
    with_scope = [entry for entry in seen if entry.scope]
    shut = {e.volume.ref_code for e in entries if e.volume and not may_see(CLEARANCE, e.item.secret_level)}
    volumes = [e.volume for e in entries if e.volume and e.begins and e.volume.ref_code not in shut]
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

    def typed(title: str, ref_code: str, whole: bool) -> Asked:
        length = random.randint(2, 3) if whole else random.randint(3, 6)
        heard = [one.split("/")[0] for one in pinyin.sounds(title).split()]
        at = random.randrange(max(1, len(heard) - length + 1))
        part = heard[at : at + length]
        return Asked("".join(part if whole else [one[0] for one in part]), target=ref_code)

    def typed_item(whole: bool) -> Asked:
        item = some().item
        return typed(item.title[2:], item.ref_code, whole)

    def typed_volume() -> Asked:
        volume = random.choice(volumes)
        return typed(_about(volume), volume.ref_code, whole=False)

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
            "initials": lambda: typed_item(whole=False),
            "two letters": lambda: Asked(typed_item(whole=False).query[:2]),
            "full pinyin": lambda: typed_item(whole=True),
            "filters + word": narrowed,
            "number order": lambda: words(random.choice(KINDS)[:2], order="number"),
            "best first": lambda: words(random.choice(KINDS)[:2], order="best"),
            "no hit": lambda: words(piece(some().item.title, 2) + random.choice(NOT_WRITTEN)[:1] * 2),
            "one wrong hanzi": lambda: near(some().item.title, random),
            "2 hanzi, scope": lambda: words(piece(some(with_scope).scope[2:60], 2)),
            "8 hanzi, scope": lambda: words(_run_of(some(with_scope).scope[2:], 8)),
            "4-6 hanzi, volume title": lambda: words(piece(_about(random.choice(volumes)), random.randint(4, 6))),
            "volume number": lambda: Asked(one := random.choice(volumes).ref_code, target=one),
            "volume number prefix": lambda: prefix(random.choice(volumes).ref_code[:-2]),
            "initials, volume title": typed_volume,
            "one wrong hanzi, volume title": lambda: near(_about(random.choice(volumes)), random),
        }

    return {name: [make() for _ in range(each)] for name, make in kinds_of().items()}


def words(query: str, filters: Filters = ANY, order: Order = "newest") -> Asked:
    runs = search_text.query_runs(query)

    def wanted(record: Record) -> bool:
        return (
            all(run in record.text for run in runs)
            and filters.fonds_no in ("", record.fonds_no)
            and filters.retention in ("", record.retention)
            and (filters.year_from is None or record.year >= filters.year_from)
            and (filters.year_to is None or record.year <= filters.year_to)
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
    return Asked(typed, lambda record: archive_numbers.prefix_fold(record.ref_code).startswith(folded), wanted)


def traditional_of(asked: Asked, converter: OpenCC) -> Asked:
    written = converter.convert(asked.query)
    return replace(asked, query=written)


def near(title: str, random: Random) -> Asked:
    length = random.randint(4, 7)
    at = random.randrange(2, max(3, len(title) - length))
    query = spoiled(title[at : at + length], random)
    [nearly] = search_near.expressions(search_query.terms(query))
    half = len(query) // 2  # one wrong character leaves one half whole

    def wanted(record: Record) -> bool:
        text = record.text
        return (query[:half] in text or query[half:] in text) and nearly.pattern.search(text) is not None

    return Asked(query, wanted, (query[:half], query[half:]))


def _run_of(page: str, length: int) -> str:
    run = max(page.split("，")[:6], key=len)
    return run[:length]


def _about(volume: NewVolume) -> str:
    """One run of Han in its title, as an item's is."""
    return volume.title[volume.title.index("关于") :].split("、")[0]
