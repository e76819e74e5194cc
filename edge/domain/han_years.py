"""Years written in signs (二〇一一年): readers drop the 〇, a ring to them, without a doubt, and take it for an O.

Three signs before 年 that can be no year, of the Republic neither, lack one: a person is asked, and it is put back
where only one year comes of it. Two that begin with 二 lack two: a person is asked.
"""

from __future__ import annotations

import re

_DIGITS = "〇一二三四五六七八九"
_RINGS = str.maketrans(dict.fromkeys("○OoＯ0", "〇"))
_YEAR = re.compile(rf"(?<!民国)(?<!民國)(?<![{_DIGITS}○OoＯ0-9零十百千第])([{_DIGITS}○OoＯ0]{{2,4}})(?=年)")
_FIRST_YEAR = 1900
_REPUBLIC = 1911  # its year 0


def lacking(text: str, this_year: int) -> bool:
    """Whether some year in ``text`` has lost a sign."""
    return any(_lacks(signs, this_year) for signs in _written(text))


def whole(text: str, this_year: int) -> str:
    """With the 〇 of each year that is certain."""
    return _YEAR.sub(lambda found: _whole(_signs(found[0]), this_year) or found[0], text)


def _written(text: str) -> list[str]:
    return [_signs(found[0]) for found in _YEAR.finditer(text)]


def _signs(run: str) -> str:
    return run.translate(_RINGS)


def _whole(signs: str, this_year: int) -> str:
    """The one year that ``signs`` can be, or ""."""
    written = {signs} if len(signs) == 4 else set()
    if len(signs) == 3 and _lacks(signs, this_year):
        written = {f"{signs[:at]}〇{signs[at:]}" for at in range(4)}
    years = [year for year in written if _FIRST_YEAR <= _value(year) <= this_year]
    return years[0] if len(years) == 1 else ""


def _lacks(signs: str, this_year: int) -> bool:
    """Of two signs only those of this century: 九八年 is how the last one was written."""
    return signs[0] == "二" if len(signs) == 2 else len(signs) == 3 and _value(signs) > this_year - _REPUBLIC


def _value(signs: str) -> int:
    return int("".join(str(_DIGITS.index(sign)) for sign in signs))
