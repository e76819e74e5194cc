"""The one typeface of all that we draw: Noto Sans CJK, which comes with the program; the system needs none."""

from __future__ import annotations

from pathlib import Path

import noto_cjk_sans_otc

FILE = Path(str(noto_cjk_sans_otc.FONT_PATH))
IN_COLLECTION = {"zh-Hans": 2, "zh-Hant": 3, "en": 2}  # SC and TC: the same character is drawn differently
