"""Short questions to the motion process from outside the node: the technician's commands."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from edge.errors import LinkFault, raise_from_json


def ask(path: Path, what: str, within_s: float = 30.0, **params: Any) -> dict[str, Any]:
    """One request, its answer; its error raised here. LinkFault when nobody answers at ``path``."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(within_s)
        try:
            link.connect(str(path))
            link.sendall(json.dumps({"id": 1, "do": what, **params}).encode() + b"\n")
            line = link.makefile("rb").readline()
        except OSError as error:
            raise LinkFault("motion_silent", "restart_motion") from error
    if not line:
        raise LinkFault("motion_silent", "restart_motion")
    message = json.loads(line)
    if "error" in message:
        raise_from_json(message["error"])
    answer: dict[str, Any] = message["ok"]
    return answer


def answers(path: Path) -> bool:
    try:
        ask(path, "firmware_progress", 5.0)
    except LinkFault:
        return False
    return True
