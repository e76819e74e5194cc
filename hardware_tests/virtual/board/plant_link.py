"""The virtual board's two cables in the live bench: a Unix socket to the plant, a pty to the bus.

Environment: STOREROOM_PLANT (socket path), STOREROOM_BUS (tty path), STOREROOM_BOARD (address), STOREROOM_KIND
(KIND_*), STOREROOM_RESET (power, watchdog or soft). Runs under MicroPython and, for run_cpython.py, CPython.
"""

import os
import socket
import struct
import sys
import termios

import exchange

MICROPYTHON = sys.implementation.name == "micropython"
VMIN, VTIME = 6, 5

address = int(os.getenv("STOREROOM_BOARD"))
kind = int(os.getenv("STOREROOM_KIND"))
reset = os.getenv("STOREROOM_RESET")


def _connect():
    path = os.getenv("STOREROOM_PLANT")
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if MICROPYTHON:
        link.connect(struct.pack("H", 1) + path.encode() + b"\0")
        stream = link
    else:
        link.connect(path)
        stream = link.makefile("rwb", buffering=0)
    stream.write(struct.pack(exchange.HELLO, address, kind))
    return link, stream


_socket, _stream = _connect()


def ask(outputs):
    """Send one OUTPUTS frame, return the inputs frame. A plant that went away ends the board: its power is gone."""
    try:
        _stream.write(outputs)
        answer = _stream.read(exchange.INPUT_BYTES)
    except OSError:
        answer = None
    if not answer or len(answer) < exchange.INPUT_BYTES:
        sys.exit(0)
    return answer


class Port:
    """The RS-485 transceiver's side of a pty."""

    def __init__(self):
        path = os.getenv("STOREROOM_BUS")
        if MICROPYTHON:
            self._file = open(path, "r+b", buffering=0)
            self.fd = self._file.fileno()
            termios.setraw(self.fd)
            settings = termios.tcgetattr(self.fd)
            settings[6][VMIN] = 0
            settings[6][VTIME] = 0
            termios.tcsetattr(self.fd, termios.TCSANOW, settings)
        else:
            import tty

            self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            tty.setraw(self.fd)

    def readinto(self, buffer):
        """How many bytes came in; None = none."""
        if MICROPYTHON:
            return self._file.readinto(buffer) or None
        try:
            return os.readv(self.fd, [buffer]) or None
        except BlockingIOError:
            return None

    def write(self, data, count):
        return self._file.write(data, count) if MICROPYTHON else os.write(self.fd, data[:count])
