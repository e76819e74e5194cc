"""uvicorn, with open snapshot streams ended when it is told to stop (it would wait for them otherwise)."""

from __future__ import annotations

import signal
from types import FrameType

import uvicorn
from fastapi import FastAPI

from cloud_sync.api.context import Context
from edge.errors import LinkFault


def _already_stopping(_number: int, _frame: FrameType | None) -> None:
    return


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, context: Context) -> None:
        super().__init__(config)
        self._context = context

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._context.closing.set()
        super().handle_exit(sig, frame)


def serve(app: FastAPI, host: str, port: int) -> None:
    """Until SIGTERM or SIGINT. Raises LinkFault when the port is taken."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=3,
        server_header=False,
        access_log=False,
    )
    server = _Server(config, app.state.context)
    # uvicorn raises the signal again once it has stopped: it must not end us before broker and store are closed.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _already_stopping)
    try:
        server.run()
    except SystemExit as error:
        raise LinkFault("console_port_taken", "free_console_port", where=f"{host}:{port}") from error
