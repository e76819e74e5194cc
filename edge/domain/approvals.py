"""Whose word a request needs before it may be fetched 审批, and what a decision must say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from edge.domain import access
from edge.errors import InputRefused, RuleRefused

# Whose requests wait: nobody's; those of people who cannot approve themselves; everybody's.
ApprovalRule = Literal["nobody", "readers", "everybody"]
RULES: tuple[ApprovalRule, ...] = get_args(ApprovalRule)

# Why a request is denied: codes, so that the reason is read in every language and may leave the room.
DENIALS = ("not_entitled", "purpose_unclear", "use_scan", "needed_here")
MOST_OPINION = 200  # characters

RIGHT = "approve_loan"
CENTRE = "centre:"  # before the name of an author at the centre, where a person of the room would stand


@dataclass(frozen=True, slots=True)
class Decision:
    """``actor``: a person of the room, or ``centre:<name>``. ``opinion`` stays in the room."""

    loan_id: str
    approved: bool
    actor: str
    opinion: str
    utc_ms: int


def waits(rule: ApprovalRule, roles: Sequence[str]) -> bool:
    """Whether a request of somebody with ``roles`` needs another person's word."""
    return rule == "everybody" or (rule == "readers" and RIGHT not in access.rights(roles))


def require_rule(rule: str) -> ApprovalRule:
    for known in RULES:
        if known == rule:
            return known
    raise InputRefused("approval_rule_unknown", "choose_approval_rule", rule=rule, known=", ".join(RULES))


def require_sayable(approved: bool, why: str, opinion: str) -> None:
    """InputRefused: a denial without one of the reasons, or an opinion that is too long."""
    if not approved and why not in DENIALS:
        raise InputRefused("denial_needs_reason", "choose_denial_reason", reason=why, known=", ".join(DENIALS))
    if len(opinion) > MOST_OPINION:
        raise InputRefused("opinion_too_long", "shorten_opinion", most=MOST_OPINION)


def require_other(actor: str, asker: str) -> None:
    """RuleRefused: nobody approves what they asked for themselves."""
    if actor == asker:
        raise RuleRefused("own_request", "ask_second_person")
