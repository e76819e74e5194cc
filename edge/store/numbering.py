"""The numbers of a series: given provisionally, numbered anew, reviewed, sealed, and from then on never changed.

The tables themselves refuse to change a sealed number (migration 070); here it is said in words before that.
"""

from __future__ import annotations

from dataclasses import replace

from edge.domain import sequencing
from edge.domain import series as series_rules
from edge.domain.ids import new_id
from edge.domain.records import may_see
from edge.domain.series import Loanable, Register, Series
from edge.errors import InputRefused, RuleRefused
from edge.store import found_series, number_runs, number_writing
from edge.store.database import Change, Database
from edge.store.found_series import FoundSeries
from edge.store.number_runs import Numbered, Standing
from edge.store.reread import read_again


class Numbering:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all_series(self, fonds_no: str = "") -> list[Series]:
        with self._database.read() as db:
            return number_runs.all_series(db, fonds_no)

    def series(self, series_id: str) -> Series:
        """InputRefused ``series_unknown``."""
        with self._database.read() as db:
            return number_runs.series_in(db, series_id)

    def standing(self, series_id: str, year: int | None = None) -> list[Standing]:
        """Every register of the series, or of one year of it."""
        with self._database.read() as db:
            of = number_runs.series_in(db, series_id)
            return number_runs.standing_in(db, of, year)

    def register(self, register_id: str) -> tuple[Series, Register]:
        with self._database.read() as db:
            return number_runs.register_in(db, register_id)

    def numbered(self, register_id: str, clearance: str = "top_secret") -> list[Numbered]:
        """What stands in the register, in the order of its numbers; titles above ``clearance`` are left empty."""
        with self._database.read() as db:
            hidden = {
                row["id"]
                for row in db.execute("SELECT id, secret_level FROM item WHERE register_id = ?", (register_id,))
                if not may_see(clearance, row["secret_level"])
            }
            found = number_runs.numbered_in(db, register_id)
        return [replace(one, title="") if one.id in hidden else one for one in found]

    def add_series(self, change: Change, new: Series, actor: str) -> Series:
        """``new.id`` is given here. InputRefused as series.require_fitting; StoreError ``conflict`` for a twin."""
        series_rules.require_fitting(new)
        made = number_runs.insert_series(change.db, replace(new, id=new_id(change.utc_ms)))
        body = {"series": made.id, "fonds": made.fonds_no, "rule": made.number_rule, "category": made.category}
        change.event("series.added", subject=made.id, actor=actor, body=body)
        if made.arrangement == "case":
            read_again(change, made.category, actor)
        return made

    def set_loanable(self, change: Change, series_id: str, loanable: Loanable, actor: str) -> Series:
        """Whether its records may leave the room; loans that run are not touched. InputRefused ``series_unknown``."""
        before = number_runs.series_in(change.db, series_id)
        change.db.execute("UPDATE series SET loanable = ? WHERE id = ?", (loanable, series_id))
        body = {"series": series_id, "loanable": loanable, "before": before.loanable}
        change.event("series.loanable_set", subject=series_id, actor=actor, body=body)
        return replace(before, loanable=loanable)

    def found(self) -> list[FoundSeries]:
        """Series that lists brought and nobody took up yet."""
        with self._database.read() as db:
            return found_series.found(db)

    def adopt(self, change: Change, one: FoundSeries, name: str, actor: str) -> Series:
        """A series that lists brought is gone on with: its numbers and their gaps count, new ones follow them."""
        cases = one.arrangement == "case"
        told = {"id": "", "fonds_no": one.fonds_no, "parent": None, "name": name, "project_no": "", "retention": ""}
        told |= {"category": one.category, "classes": one.classes, "catalogue_no": one.catalogue_no}
        told |= {"arrangement": one.arrangement, "number_rule": one.number_rule, "parts": one.parts}
        widths = {"item_width": 4, "file_width": 4 if cases else 3}
        made = self.add_series(change, Series(**told, **widths, loanable="yes"), actor)  # type: ignore[arg-type]  # as found
        for run in one.runs if not cases else ():
            number_runs.open_register(change, made, run.year, run.retention, run.org)
        return made

    def review(self, change: Change, series_id: str, year: int, actor: str) -> list[Register]:
        """The year's registers that were open count as reviewed by ``actor``. RuleRefused ``nothing_to_seal``."""
        found = [one for one in number_runs.registers_in(change.db, series_id, year) if one.state == "open"]
        if not found:
            raise RuleRefused("nothing_to_seal", "choose_other_year", year=year)
        change.db.executemany(
            "UPDATE register SET state = 'reviewed', reviewed_by = ?, reviewed_ms = ? WHERE id = ?",
            [(actor, change.utc_ms, one.id) for one in found],
        )
        body = {"series": series_id, "year": year, "registers": [one.id for one in found]}
        change.event("register.reviewed", subject=series_id, actor=actor, body=body)
        return number_runs.registers_in(change.db, series_id, year)

    def seal(self, change: Change, series_id: str, year: int, actor: str, gaps_reason: str) -> list[Standing]:
        """From here on the numbers of the year stand for ever.

        RuleRefused ``not_reviewed``, ``nothing_to_seal``, ``seal_needs_other_person``, ``gaps_unexplained`` (gaps).
        """
        of = number_runs.series_in(change.db, series_id)
        unsealed = [one for one in number_runs.registers_in(change.db, series_id, year) if one.state != "sealed"]
        if not unsealed:
            raise RuleRefused("nothing_to_seal", "choose_other_year", year=year)
        if any(one.state == "open" for one in unsealed):
            raise RuleRefused("not_reviewed", "review_first", year=year)
        if any(one.reviewed_by == actor for one in unsealed):
            raise RuleRefused("seal_needs_other_person", "ask_second_person")
        standing = [number_runs.standing_of(change.db, of, one) for one in unsealed]
        missing = [gap for one in standing for gap in one.gaps]
        if missing and not gaps_reason.strip():
            raise RuleRefused("gaps_unexplained", "number_anew_or_explain", gaps=number_runs.written_gaps(missing))
        for one in standing:
            change.db.execute(
                "UPDATE register SET state = 'sealed', sealed_by = ?, sealed_ms = ?, last_no = ?, gaps_reason = ?"
                " WHERE id = ?",
                (actor, change.utc_ms, one.last_no, gaps_reason.strip() if one.gaps else "", one.register.id),
            )
            body = {"series": series_id, "year": year, "count": one.count, "last_no": one.last_no}
            body |= {"gaps": [list(gap) for gap in one.gaps]}
            change.event("register.sealed", subject=one.register.id, actor=actor, body=body)
        return number_runs.standing_in(change.db, of, year)

    def renumber(self, change: Change, register_id: str, wanted: list[str], actor: str) -> int:
        """Number the register anew in the order ``wanted`` (ids of all its live records); how many numbers changed.

        Boxes whose spine is then wrong go to the labels to reprint. RuleRefused ``register_sealed``; InputRefused
        ``order_incomplete``.
        """
        of, register = number_runs.register_in(change.db, register_id)
        if register.state == "sealed":
            raise RuleRefused("register_sealed", "describe_at_the_end", year=register.year)
        now = number_runs.numbered_in(change.db, register_id)
        live = {one.id: one for one in now if one.state != "void"}
        if sorted(wanted) != sorted(live):
            raise InputRefused("order_incomplete", "look_again", missing=len(set(live) - set(wanted)))
        standing = number_runs.others(change.db, of, register) | {one.no for one in now if one.state == "void"}
        numbers = sequencing.renumbered(wanted, standing)
        moved = {one: no for one, no in numbers.items() if live[one].no != no}
        table = "volume" if of.arrangement == "volume" else "item"
        clear = f"UPDATE {table} SET seq = NULL, ref_key = NULL WHERE id = ?"  # two records may change places
        change.db.executemany(clear, [(one,) for one in moved])
        for one, no in moved.items():
            number_writing.give(change, of, register, table, one, no)
        number_runs.reopen(change.db, register)
        body = {"register": register_id, "changed": len(moved), "order": wanted}
        change.event("register.renumbered", subject=register_id, actor=actor, body=body)
        return len(moved)
