"""Who may do what: roles 角色 give rights 权限, and the highest secrecy level 密级 a person may see.

The three administrators (系统管理员, 安全保密员, 安全审计员) are split: none of them alone can borrow, change
rights and read the trace.
"""

from __future__ import annotations

from collections.abc import Sequence

from edge.domain.records import SECRECY, may_see
from edge.errors import RuleRefused

RIGHTS: dict[str, frozenset[str]] = {
    "reader": frozenset({"search", "ask", "cancel", "view_pages"}),
    "archivist": frozenset(
        {
            "search",
            "ask",
            "cancel",
            "cancel_any",
            "approve_loan",
            "choose",
            "check",
            "hand_over",
            "receive",
            "shelve",
            "find_positions",
            "acknowledge",
            "reset_alarm",
            "take_out",
            "import",
            "count",
            "approve_count",
            "end_entrapment",
            "witness",
            "maintain",
            "digitise",
            "correct_text",
            "view_pages",
            "take_pages",
            "describe",
            "review",
            "seal",
            "correct",
            "merge",
            "void",
            "enter",
            "clear_entry",
            "read_entries",
            "patrol",
            "close_finding",
            "read_patrols",
        }
    ),
    "system_admin": frozenset(
        {
            "patrol",
            "close_finding",
            "read_patrols",
            "plan_patrols",
            "enter",
            "clear_entry",
            "read_entries",
            "site_tables",
            "search",
            "acknowledge",
            "reset_alarm",
            "set_limits",
            "find_positions",
            "end_entrapment",
            "witness",
            "maintain",
            "approve_count",
        }
    ),
    "security_admin": frozenset(
        {"people", "read_trace", "read_entries", "set_limits", "witness", "read_patrols", "plan_patrols"}
    ),
    "auditor": frozenset({"search", "read_trace", "read_entries", "read_patrols"}),
    "technician": frozenset(
        {
            "find_positions",
            "acknowledge",
            "reset_alarm",
            "end_entrapment",
            "maintain",
            "firmware",
            "commission",
            "witness",
            "enter",
            "patrol",
            "close_finding",
            "read_patrols",
        }
    ),
}

# A role of its own says up to which secrecy level 密级 a person is cleared; staff without one see what is internal.
CLEARANCE = {"cleared_confidential": "confidential", "cleared_secret": "secret", "cleared_top_secret": "top_secret"}


def rights(roles: Sequence[str]) -> frozenset[str]:
    """The rights that ``roles`` give together; a role that carries none here (a clearance) adds none."""
    return frozenset().union(*(RIGHTS[role] for role in roles if role in RIGHTS))


def require(roles: Sequence[str], right: str) -> None:
    """Raises RuleRefused unless one of ``roles`` carries ``right``."""
    if right not in rights(roles):
        raise RuleRefused("not_allowed", "ask_archivist", right=right)


def clearances(roles: Sequence[str]) -> list[str]:
    """All of SECRECY that these roles may see, least first; what is internal is everybody's here."""
    return [level for level in SECRECY[1:] if may_see(clearance(roles), level)]


def clearance(roles: Sequence[str]) -> str:
    """The highest of SECRECY that these roles may see."""
    levels = [CLEARANCE[role] for role in roles if role in CLEARANCE]
    return max(levels, key=SECRECY.index, default="internal")


def event_level(secret_level: str) -> str:
    """Level of an event's body about material of ``secret_level``: above internal it stays in the room."""
    return "internal" if may_see("internal", secret_level) else "secret"
