"""The running node's own Unix socket: CLI verbs that write go through it, so the node stays the one writer.

One JSON line asks (``{"verb", "args"}``), lines of ``{"progress"}`` may follow, ``{"ok"}`` or ``{"error"}`` ends it.
The socket lies in run_dir with mode 0600: who may reach it is the operating system's business.
"""

from __future__ import annotations

import json
import logging
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from edge.errors import LinkFault, StoreroomError, raise_from_json

Progress = Callable[[dict[str, Any]], None]
Verb = Callable[[dict[str, Any], Progress], dict[str, Any]]

SOCKET = "node.sock"  # in run_dir

log = logging.getLogger(__name__)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked = self.rfile.readline(1_000_000)
        if not asked:
            return  # somebody only looked whether a node runs
        request = json.loads(asked)

        def say(message: dict[str, Any]) -> None:
            self.wfile.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")

        verbs: dict[str, Verb] = self.server.verbs  # type: ignore[attr-defined]
        try:
            if request["verb"] not in verbs:
                raise LinkFault("control_unknown_verb", "update_storeroom", verb=request["verb"])
            say({"ok": verbs[request["verb"]](request["args"], lambda progress: say({"progress": progress}))})
        except StoreroomError as error:
            say({"error": {**error.as_json(), "family": type(error).__name__}})
        except Exception:
            log.exception("control verb %s failed", request.get("verb"))
            say({"error": {"code": "internal", "recovery": "call_technician", "params": {}, "family": "StoreError"}})
            raise


class ControlServer:
    """Serves ``verbs`` at ``path`` on threads of its own until closed."""

    def __init__(self, path: Path, verbs: dict[str, Verb]) -> None:
        path.unlink(missing_ok=True)
        self._server = socketserver.ThreadingUnixStreamServer(str(path), _Handler)
        self._server.verbs = verbs  # type: ignore[attr-defined]
        self._server.daemon_threads = True
        path.chmod(0o600)
        self._path = path
        threading.Thread(target=self._server.serve_forever, name="control", daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)


def ask(path: Path, verb: str, args: dict[str, Any], on_progress: Progress = lambda _progress: None) -> dict[str, Any]:
    """Ask the running node; its answer, or its error raised here with the same family and code."""
    for message in _messages(path, verb, args):
        if "progress" in message:
            on_progress(message["progress"])
        elif "error" in message:
            raise_from_json(message["error"])
        else:
            answer: dict[str, Any] = message["ok"]
            return answer
    raise LinkFault("node_went_away", "start_node_again", verb=verb)


def _messages(path: Path, verb: str, args: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the node says until it ends, or dies."""
    with socket.socket(socket.AF_UNIX) as link:
        try:
            link.connect(str(path))
            link.sendall(json.dumps({"verb": verb, "args": args}).encode() + b"\n")
            for line in link.makefile("rb"):
                yield json.loads(line)
        except OSError as error:
            raise LinkFault("node_went_away", "start_node_again", verb=verb) from error


def is_running(path: Path) -> bool:
    """Whether a node answers at ``path``."""
    with socket.socket(socket.AF_UNIX) as link:
        try:
            link.connect(str(path))
        except OSError:
            return False
    return True
