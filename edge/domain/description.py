"""What the standards describe of a fonds, a volume and an item (DA/T 18-2022, DA/T 22-2015), field by field.

One list a level: forms are drawn from it, input is read by it, corrections name its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from edge.domain import archive_numbers, dates, doc_numbers
from edge.errors import InputRefused

Level = Literal["fonds", "volume", "item"]
Kind = Literal["text", "lines", "number", "date", "choice", "flag"]
Value = str | int | None

OPEN_STATUS = ("unreviewed", "open", "controlled", "deferred")  # 未审核 开放 控制 延期开放
PUBLICITY = ("public", "internal")  # 公开属性: internal is no secret level
CREATION = ("paper", "born_digital", "digitised", "edited")


@dataclass(frozen=True, slots=True)
class Field:
    """``choices`` ("site",): the site's table of that name holds them. ``lines``: several values, one a line.

    ``most``: characters.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    most: int = 4000


def _fields(*fields: Field | str) -> tuple[Field, ...]:
    return tuple(Field(one) if isinstance(one, str) else one for one in fields)


_PROSE = 20_000  # finding aids tell pages of it
_SECRET = Field("secret_mark", "choice", choices=("site",))
_RETENTION = Field("retention", "choice", True, ("site",))
_OPEN = Field("open_status", "choice", choices=OPEN_STATUS)

FIELDS: dict[Level, tuple[Field, ...]] = {
    "fonds": _fields(
        Field("name", required=True),
        Field("unit", required=True),
        Field("start_date", "date", True),
        Field("end_date", "date"),
        Field("responsible", required=True),
        Field("custody", "lines", True, most=_PROSE),
        "archive_code",
        Field("unit_history", "lines", most=_PROSE),
        Field("scope", "lines", most=_PROSE),
        Field("arrangement", "lines", most=_PROSE),
    ),
    "volume": _fields(
        Field("title", required=True),
        Field("start_date", "date", True),
        Field("end_date", "date", True),
        Field("responsible", required=True),
        _RETENTION,
        Field("year", "number"),
        Field("pages", "number"),
        _SECRET,
        _OPEN,
        "carrier",
        Field("bound", "flag"),
        Field("note", "lines"),
        "compiled_by",
        Field("compiled_on", "date"),
        "checked_by",
        Field("checked_on", "date"),
        Field("remark", "lines"),
    ),
    "item": _fields(
        Field("title", required=True),
        Field("date", "date", True),
        Field("pages", "number", True),
        _RETENTION,
        Field("year", "number"),
        "org",
        "responsible",
        "doc_no",
        _SECRET,
        Field("secret_until", "date"),
        Field("publicity", "choice", choices=PUBLICITY),
        _OPEN,
        Field("start_page", "number"),
        Field("end_page", "number"),
        "parallel_title",
        "sub_title",
        Field("scope", "lines", most=_PROSE),
        "draft",
        "document_type",
        Field("attachments", "lines"),
        Field("persons", "lines"),
        Field("keywords", "lines"),
        Field("class_no", "lines"),
        "language",
        "carrier",
        Field("creation", "choice", choices=CREATION),
        "extent",
        "microfilm_no",
        "originals",
        "copies",
        Field("handling", "lines"),
        "source",
        "drafter",
        Field("drafted_on", "date"),
        "version",
        Field("important", "flag"),
        Field("filed_on", "date"),
        Field("event_on", "date"),
        Field("remark", "lines"),
    ),
}

# Of an item, beyond what every list and the catalogue's own table have of it.
FURTHER = tuple(
    field
    for field in FIELDS["item"]
    if field.name not in ("title", "date", "pages", "retention", "year", "responsible", "doc_no", "remark")
)


def field_of(level: Level, name: str) -> Field:
    for field in FIELDS[level]:
        if field.name == name:
            return field
    raise InputRefused("field_unknown", "use_the_panel", field=name)


def read(
    level: Level, values: Mapping[str, str], *, site: Mapping[str, tuple[str, ...]], whole: bool = True
) -> dict[str, Value]:
    """``values`` as typed → as stored. ``site``: choices of the fields whose choices the site keeps.

    ``whole``: a new record, so nothing required may be missing. InputRefused ``field_missing``, ``field_unreadable``,
    ``field_unknown``, ``field_too_long``.
    """
    stored = {name: _value(field_of(level, name), written, site) for name, written in values.items()}
    for field in FIELDS[level]:
        if field.required and (whole or field.name in stored) and stored.get(field.name) in ("", None):
            raise InputRefused("field_missing", "fill_in_field", field=field.name)
    first, last = stored.get("start_page"), stored.get("end_page")
    if isinstance(first, int) and isinstance(last, int) and first > last:
        raise InputRefused("field_unreadable", "look_at_field", field="end_page", written=str(last))
    return stored


def empty(field: Field) -> Value:
    return None if field.kind == "number" else 0 if field.kind == "flag" else ""


def _value(field: Field, written: str, site: Mapping[str, tuple[str, ...]]) -> Value:
    text = written.strip()
    if len(text) > field.most:
        raise InputRefused("field_too_long", "shorten_field", field=field.name, most=field.most)
    if not text:
        return empty(field)
    value: Any = text
    if field.kind == "number":
        value = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
    elif field.kind == "date":
        value = dates.parse(text).digits
    elif field.kind == "flag":
        value = {"1": 1, "0": 0}.get(text)
    elif field.kind == "lines":
        value = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    elif field.name == "doc_no":
        value = doc_numbers.mended(text)
    elif field.kind == "choice":
        choices = site[field.name] if field.choices == ("site",) else field.choices
        plain = archive_numbers.retention_code(text) or text if field.name == "retention" else text
        value = plain if plain in choices else None
    else:
        value = " ".join(text.split())
    if value is None or value == "":
        raise InputRefused("field_unreadable", "look_at_field", field=field.name, written=text[:40])
    return value  # type: ignore[no-any-return]  # one of Value, by the branches above
