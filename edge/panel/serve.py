"""uvicorn with two differences: open snapshot streams end at once at shutdown, and no header may rewrite the peer."""

from __future__ import annotations

import socket
import threading
from types import FrameType

import uvicorn
from fastapi import FastAPI

from edge.errors import LinkFault

GRACE_S = 3  # for a request that is still being answered


class PanelServer(uvicorn.Server):
    """``run()`` blocks: call it on a thread of its own. ``end()`` may be called from any thread."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_level="warning",
                access_log=False,
                proxy_headers=False,  # the peer's address decides over motion: no X-Forwarded-For may replace it
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._stopping: threading.Event = app.state.stopping

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Raises LinkFault ``panel_port_taken``."""
        try:
            super().run(sockets)
        except SystemExit as error:  # uvicorn's own, where it cannot bind
            where = f"{self.config.host}:{self.config.port}"
            raise LinkFault("panel_port_taken", "free_panel_port", where=where) from error

    def end(self) -> None:
        self._stopping.set()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  uvicorn's signature
        """Not uvicorn's own: that raises the signal again after serving, and the node would die before it closes."""
        self.force_exit = self.should_exit
        self.end()
