"""One reader for all tests here: loading its networks takes longer than a test."""

import os
from pathlib import Path

import pytest

from edge.vision.reader import Reader

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(threads=1)


@pytest.fixture(scope="session")
def font() -> str:
    if not Path(FONT).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the Noto CJK fonts are not installed")
        pytest.skip("needs the Noto CJK fonts")
    return FONT
