"""Whatever the store keeps can be taken out, or somebody has said why not."""

import csv
from io import BytesIO

from edge.store.database import Change, Database
from edge.store.descriptions import Descriptions
from edge.store.exports import atom_out, ead_out
from edge.store.exports.scope import Scope
from edge.store.exports.tables import NOT_TAKEN_OUT, TABLES
from edge.store.shape import tables
from edge.words import LANGUAGES

READ = 20  # SQLITE_READ
INDEXES = ("item_words", "item_sounds", "box_words", "volume_words", "volume_sounds")
# Keys of the store's own, told elsewhere by a label, a number or a name.
KEYS = {"item.id", "volume.id", "box.id", "item.no", "volume.no", "box.no"}


def kept(database: Database) -> set[str]:
    """Every column of every table, as table.column."""
    with database.read() as db:
        return {
            f"{table}.{row['name']}"
            for table in tables(db)
            if not table.startswith(("sqlite_", *INDEXES))
            for row in db.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))
        }


def taken_out(database: Database) -> set[str]:
    """What the exports' own queries name; columns that a view merely passes on do not count."""
    named: set[str] = set()

    def look(act: int, table: str | None, column: str | None, _database: str | None, within: str | None) -> int:
        if act == READ and within is None and table and column:
            named.add(f"{table.removeprefix('shown_')}.{column}")
        return 0

    with database.read() as db:
        db.set_authorizer(look)
        for table in TABLES.values():
            if table.name != "readings":  # of another file
                list(table.rows(db, Scope("top_secret")))
        db.set_authorizer(None)
    return named


def test_no_table_and_no_column_is_forgotten(database: Database) -> None:
    said = {name for name in kept(database) if name in NOT_TAKEN_OUT or name.split(".")[0] in NOT_TAKEN_OUT}
    assert sorted(kept(database) - taken_out(database) - said - KEYS) == []


def test_what_is_said_to_stay_in_exists(database: Database) -> None:
    names = kept(database)
    assert [one for one in NOT_TAKEN_OUT if one not in names | {name.split(".")[0] for name in names}] == []


def test_the_headings_of_a_table_are_words_and_each_is_another() -> None:
    for table in TABLES.values():
        for language in LANGUAGES:
            texts = table.headings(language)
            assert len(set(texts)) == len(texts), table.name


def test_the_scope_of_a_fonds_goes_out_in_every_finding_aid(database: Database) -> None:
    def fill(change: Change) -> None:
        Descriptions(database).set_fonds(change, "Z109", {"name": "住建局", "scope": "一九五〇年以来的文书"}, "p")

    database.write(fill)
    scope, told = Scope("top_secret", "Z109"), "一九五〇年以来的文书"
    with database.read() as db:
        for dialect in ("ead", "ead3"):
            out = BytesIO()
            ead_out.write(out, db, scope, dialect=dialect, made_utc_ms=0, language="zh-Hans", step=lambda: None)  # type: ignore[arg-type]
            scoped = f'<scopecontent encodinganalog="storeroom.scope"><p>{told}</p></scopecontent><dsc'
            assert scoped in out.getvalue().decode().replace("\n", "")
        out = BytesIO()
        atom_out.write(out, db, scope, ["Z109"], "zh-Hans", lambda: None)
        [fonds] = csv.DictReader(out.getvalue().decode().splitlines())
    assert fonds["scopeAndContent"] == told
