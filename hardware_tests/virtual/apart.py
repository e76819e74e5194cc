"""A room in virtual time goes several ways from one instant: each in a copy of this process, the room itself waits."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def apart(run: Callable[[], Answer]) -> Answer:
    """What ``run`` answers in the copy (anything that pickles). Raises ChildProcessError where it came to no end."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            answer = pickle.dumps(run())
            with os.fdopen(write, "wb") as pipe:
                pipe.write(answer)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    if not said:
        raise ChildProcessError("a run in virtual time came to no end")
    return pickle.loads(said)  # type: ignore[no-any-return]
