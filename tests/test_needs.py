"""A gate that quietly skips proves nothing."""

import pytest

from tests import needs


def test_what_is_missing_is_skipped_at_a_desk(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs a thing"):
        needs.needed(None, "needs a thing")


def test_what_is_missing_fails_in_ci(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="needs a thing"):
        needs.needed(None, "needs a thing")


def test_what_is_there_is_used(monkeypatch):
    monkeypatch.setenv("CI", "true")
    needs.needed("a path", "needs a thing")
