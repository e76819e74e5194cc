"""What a person may do at the console. Looking at the rooms is everybody's who may sign in; all else is given singly.

三员分立 holds here as in the rooms: who says who may use the console, who gives rights in the rooms, and who reads
what was done are three people.
"""

from __future__ import annotations

from collections.abc import Iterable

from edge.errors import InputRefused, RuleRefused

RIGHTS = ("acknowledge", "approve", "registers", "people", "users", "audit")
APART = frozenset({"people", "users", "audit"})
FIRST = ("users",)  # of a new centre's first person
BEFORE = ("acknowledge", "approve", "registers", "people")  # what everybody could do before rights were told apart


def require_known(rights: Iterable[str]) -> None:
    unknown = sorted(set(rights) - set(RIGHTS))
    if unknown:
        raise InputRefused("right_unknown", "choose_right", right=", ".join(unknown), known=", ".join(RIGHTS))


def require_apart(rights: Iterable[str]) -> None:
    """RuleRefused where one person would hold two of the three."""
    held = sorted(APART & set(rights))
    if len(held) > 1:
        raise RuleRefused("console_rights_split", "choose_other_user", rights=" + ".join(held))
