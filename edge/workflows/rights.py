"""Every workflow that a person starts says which right it needs; what is refused goes into the trace, with its code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from edge.domain import access
from edge.domain.ids import is_id
from edge.domain.people import Person
from edge.errors import StoreError, StoreroomError
from edge.store.database import NODE, Database


class _HasStore(Protocol):
    """A room, or an archive without its devices."""

    @property
    def database(self) -> Database: ...


R = TypeVar("R", bound=_HasStore)
P = ParamSpec("P")
T = TypeVar("T")


def needs(
    right: str,
) -> Callable[[Callable[Concatenate[R, Person, P], T]], Callable[Concatenate[R, Person, P], T]]:
    """Decorator: the person must hold ``right``; any refusal inside becomes the event ``request.refused``."""

    def with_right(
        workflow: Callable[Concatenate[R, Person, P], T],
    ) -> Callable[Concatenate[R, Person, P], T]:
        @wraps(workflow)
        def checked(room: R, person: Person, /, *args: P.args, **kwargs: P.kwargs) -> T:
            try:
                access.require(person.roles, right)
                return workflow(room, person, *args, **kwargs)
            except StoreError:
                raise  # the trace itself cannot be written
            except StoreroomError as error:
                asked = (value for value in (*args, *kwargs.values()) if isinstance(value, str))
                what = next(filter(is_id, asked), NODE)  # never a query or a title: what it is about leaves the room
                body = {"code": error.code, "right": right, "doing": workflow.__name__}
                room.database.write(
                    lambda change: change.event("request.refused", subject=what, actor=person.id, body=body)
                )
                raise

        return checked

    return with_right
