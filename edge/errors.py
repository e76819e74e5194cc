"""Every error a person may meet: one root, five families, each with a stable code and a way out.

An error carries codes and parameters, never sentences: the words come from ``edge/words/*.toml``
in the reader's language (``error.<code>`` says what happened, ``recovery.<recovery>`` what to do next).
The trace stores the codes. One table maps the families to HTTP status and exit code.
"""

from __future__ import annotations

from typing import Any, NoReturn


class StoreroomError(Exception):
    """Root of the five families. ``code`` is stable for ever; ``params`` fill the words' placeholders."""

    http_status = 500
    exit_code = 1

    def __init__(self, code: str, recovery: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.recovery = recovery
        self.params = params

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "recovery": self.recovery, "params": self.params}

    def __str__(self) -> str:
        shown = " ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} {shown}".strip()


class RuleRefused(StoreroomError):
    """A rule of the archive or of shelving safety forbids it. Nothing was changed, nothing moved."""

    http_status = 409
    exit_code = 3


class InputRefused(StoreroomError):
    """What was typed, scanned or read from a file cannot be accepted; params name file, line, column."""

    http_status = 422
    exit_code = 2


class DeviceFault(StoreroomError):
    """A board, camera, reader or door did not do what it was asked."""

    http_status = 503
    exit_code = 4


class StoreError(StoreroomError):
    """The store refuses: disk full, wrong key, damaged file, newer schema."""

    http_status = 507
    exit_code = 5


class LinkFault(StoreroomError):
    """Broker, central service or another process cannot be reached."""

    http_status = 502
    exit_code = 6


def raise_from_json(error: dict[str, Any]) -> NoReturn:
    """Raise what another process of this node refused with: ``as_json`` and its ``family``."""
    raise globals()[error["family"]](error["code"], error["recovery"], **error["params"])
