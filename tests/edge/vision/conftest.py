"""One reader for all tests here: loading its networks takes longer than a test."""

import pytest

from edge.vision.reader import Reader
from tests import needs


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(threads=1)


@pytest.fixture(scope="session")
def font() -> str:
    return str(needs.cjk_font())
