"""Roles and what they allow."""

import pytest

from edge.domain import access
from edge.errors import RuleRefused


def test_the_three_administrators_neither_borrow_nor_share_the_granting_and_the_reading_of_the_trace():
    for role in ("system_admin", "security_admin", "auditor"):
        assert not access.rights([role]) & {"choose", "hand_over", "receive", "shelve"}
    assert "people" not in access.rights(["auditor"]) | access.rights(["system_admin"])
    assert "search" not in access.rights(["security_admin"])


def test_an_unknown_role_gives_no_right():
    assert access.rights(["cleared_secret", "gardener"]) == frozenset()
    with pytest.raises(RuleRefused, match="not_allowed"):
        access.require(["gardener"], "search")


def test_clearance_is_the_highest_of_ones_roles_and_internal_without_any():
    assert access.clearance(["archivist"]) == "internal"
    assert access.clearance(["archivist", "cleared_confidential", "cleared_top_secret"]) == "top_secret"


def test_events_about_anything_above_internal_stay_in_the_room():
    levels = ("public", "internal", "confidential", "secret", "top_secret")
    assert [access.event_level(level) for level in levels] == ["internal", "internal", "secret", "secret", "secret"]
