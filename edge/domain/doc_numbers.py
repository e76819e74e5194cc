"""Document numbers 文号: 安工字〔2013〕1号, with the brackets around the year that GB/T 9704 wants."""

from __future__ import annotations

import re

_YEAR = re.compile(r"[【\[［(（〔]+\s*(\d{4})\s*[】\]］)）〕]+\s*[.．]?\s*")


def mended(written: str) -> str:
    """``written`` with 〔 〕 around its year, however it was bracketed, and no full stop after them."""
    return _YEAR.sub(r"〔\1〕", written)
