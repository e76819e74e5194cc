"""A digitisation batch 数字化批次: what goes out, each step checked by somebody else before the next, what comes back.

The steps are those of DA/T 31; a step that is found faulty is done again, and whatever followed it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge.errors import InputRefused, RuleRefused

# 拆卷 扫描 图像处理 著录 质检 挂接 装订还原
STEPS = ("unbind", "scan", "process", "describe", "check", "hook", "rebind")
BatchState = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Batch:
    """``contractor``: who does it, "" for the room's own people. ``despite``: why it was closed with pages missing."""

    id: str
    name: str
    contractor: str
    state: BatchState
    opened_ms: int
    opened_by: str
    closed_ms: int | None = None
    closed_by: str = ""
    despite: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """One item's hand-over both ways. ``pages_in`` None: still out. ``bound``: the binding is restored.

    ``undigitised``: pages that were not digitised when the batch was closed all the same, as in ``page_gate.spans``.
    """

    item_id: str
    pages_out: int
    out_ms: int
    out_by: str
    pages_in: int | None
    bound: bool
    note: str
    in_ms: int | None
    in_by: str
    undigitised: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """One round of one step: who worked, who checked, how many defects were found. ``at_ms`` when it was recorded."""

    step: str
    round: int
    worker: str
    checker: str
    count: int
    defects: int
    note: str
    at_ms: int

    @property
    def passed(self) -> bool:
        return self.defects == 0


def standing(done: Sequence[Done]) -> dict[str, Done]:
    """The newest round of each step that still counts: a step done again takes those after it back."""
    counts: dict[str, Done] = {}
    for one in done:
        for later in STEPS[STEPS.index(one.step) :]:
            counts.pop(later, None)
        counts[one.step] = one
    return counts


def next_steps(done: Sequence[Done]) -> list[str]:
    """What may be recorded now: steps to be done again, and the first that is not done yet."""
    counts = standing(done)
    allowed = []
    for step in STEPS:
        allowed.append(step)
        if step not in counts or not counts[step].passed:
            break
    return allowed


def require_not_begun(batch: Batch, done: Sequence[Done]) -> None:
    """RuleRefused ``batch_under_way``: what left later would never have been through the steps that passed."""
    if done:
        raise RuleRefused("batch_under_way", "open_other_batch", batch=batch.name)


def require_step(done: Sequence[Done], step: str, worker: str, checker: str, defects: int, count: int) -> None:
    """``count``: how many were looked at. InputRefused ``step_unknown``, ``step_counts``; RuleRefused
    ``step_before_missing``, ``checked_by_worker``."""
    if step not in STEPS:
        raise InputRefused("step_unknown", "choose_step", known=", ".join(STEPS))
    if count < 1 or not 0 <= defects <= count:
        raise InputRefused("step_counts", "count_again")
    if step not in next_steps(done):
        raise RuleRefused("step_before_missing", "do_step_before")
    if not checker or checker == worker:
        raise RuleRefused("checked_by_worker", "other_checker")


def differences(sent: Sequence[Sent]) -> list[str]:
    """Ids of items that came back with another number of pages, or unbound."""
    return [
        one.item_id for one in sent if one.pages_in is not None and (one.pages_in != one.pages_out or not one.bound)
    ]


def require_closable(sent: Sequence[Sent], done: Sequence[Done]) -> None:
    """RuleRefused ``batch_steps_open``, ``batch_items_out``, ``batch_empty`` or ``batch_differs``."""
    if not sent:
        raise RuleRefused("batch_empty", "send_items")
    counts = standing(done)
    if len(counts) < len(STEPS) or not all(one.passed for one in counts.values()):
        raise RuleRefused("batch_steps_open", "do_step_before")
    still_out = sum(one.pages_in is None for one in sent)
    if still_out:
        raise RuleRefused("batch_items_out", "take_items_back", count=still_out)
    if [one for one in sent if one.item_id in differences(sent) and not one.note]:
        raise RuleRefused("batch_differs", "say_what_happened", count=len(differences(sent)))
