-- Alarms from raised to cleared, limits that a person changed, and rules that are about to turn.

CREATE TABLE alarm (
    id TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    place TEXT NOT NULL,
    severity TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    acked INTEGER NOT NULL CHECK (acked IN (0, 1)),
    latched INTEGER NOT NULL CHECK (latched IN (0, 1)),
    value INTEGER NOT NULL,
    bound INTEGER NOT NULL,
    raised_ms INTEGER NOT NULL,
    acked_ms INTEGER,
    acked_by TEXT NOT NULL DEFAULT '',
    returned_ms INTEGER,
    cleared_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX alarm_standing ON alarm (rule, place) WHERE cleared_ms IS NULL;
CREATE INDEX alarm_by_time ON alarm (raised_ms);

-- Only what differs from the profile in edge/domain/protections.py.
CREATE TABLE alarm_limit (
    rule TEXT PRIMARY KEY,
    bound INTEGER NOT NULL,
    deadband INTEGER NOT NULL,
    on_delay_s INTEGER NOT NULL,
    off_delay_s INTEGER NOT NULL
) STRICT;

-- Since when a value calls for the other state. Monotonic time, so it counts only within one boot.
CREATE TABLE alarm_turning (
    rule TEXT NOT NULL,
    place TEXT NOT NULL,
    since_mono_ms INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    PRIMARY KEY (rule, place)
) STRICT;
