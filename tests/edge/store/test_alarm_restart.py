"""An alarm is in its exact state after a kill at any instant between two events."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.domain.protections import Limit
from edge.errors import RuleRefused
from edge.store.alarms import Alarms
from edge.store.database import Database

LIMITS = (
    Limit("rh_high", "rh_cpct", "high", 6000, 150, 3, 2, "alarm"),
    Limit("leak", "leak", "high", 6000, 0, 0, 1, "emergency", latching=True),
)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["value", "value", "value", "acknowledge", "reset", "kill"]),
        st.one_of(st.none(), st.integers(5700, 6200)),
        st.integers(0, 1),
    ),
    max_size=25,
)


def play(folder, clock, key, acts, *, kills: bool):
    """Standing alarms without their ids and times, conditions, and the trace's alarm events."""
    path = folder / "storeroom.db"
    database = Database.open(path, key, clock=clock, node_id="n", create=True)
    alarms = Alarms(database)
    for act, value, which in acts:
        clock.advance(1000)
        limit, now_ms = LIMITS[which], clock.monotonic_ms()
        standing = [alarm for alarm in alarms.standing() if alarm.rule == limit.rule]
        if act == "kill" and kills:
            database.close()
            database = Database.open(path, key, clock=clock, node_id="n")
            alarms = Alarms(database)
        elif act == "value":
            database.write(
                lambda change, limit=limit, value=value, now_ms=now_ms, alarms=alarms: alarms.observe(
                    change, limit, "north", value, now_ms, clock.boot_id()
                ),
                telemetry=True,
            )
        elif act in ("acknowledge", "reset") and standing:
            try:
                database.write(
                    lambda change, act=act, alarms=alarms, found=standing[0]: getattr(alarms, act)(
                        change, found.id, "p"
                    )
                )
            except RuleRefused:
                continue
    facts = [(a.rule, a.active, a.acked, a.latched, a.value, a.raised_ms, a.acked_ms) for a in alarms.standing()]
    conditions = alarms.conditions(clock.boot_id())
    with database.read() as db:
        events = [
            row["action"] for row in db.execute("SELECT action FROM event WHERE action LIKE 'alarm.%' ORDER BY id")
        ]
    database.close()
    return facts, conditions, events


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_killed_between_any_two_events_the_alarms_are_as_if_never_killed(tmp_path_factory, key, acts):
    folder = tmp_path_factory.mktemp("alarms")
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    killed = play(folder / "a", Clock(), key, acts, kills=True)
    unharmed = play(folder / "b", Clock(), key, acts, kills=False)
    assert killed == unharmed


class Clock:
    """Time that only the test moves."""

    def __init__(self) -> None:
        self._ms = 0

    def utc_ms(self) -> int:
        return 1_795_305_600_000 + self._ms

    def monotonic_ms(self) -> int:
        return self._ms

    def boot_id(self) -> str:
        return "boot"

    def trusted(self) -> bool:
        return True

    def advance(self, ms: int) -> None:
        self._ms += ms
