-- Patrols 巡查: the site's own list of points, every round with its answers, and what was found until it is mended.
CREATE TABLE patrol_point (
    id TEXT PRIMARY KEY,
    no INTEGER NOT NULL, -- in the order of walking
    what TEXT NOT NULL,
    aisle INTEGER,
    place TEXT NOT NULL DEFAULT '', -- the sensor board's, whose readings belong to it
    name TEXT NOT NULL DEFAULT '', -- '' = the words of what
    rounds TEXT NOT NULL -- JSON list of the kinds of rounds that pass it
) STRICT;

CREATE TABLE patrol (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'signed', 'given_up')),
    begun_ms INTEGER NOT NULL,
    begun_by TEXT NOT NULL,
    ended_ms INTEGER,
    ended_by TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '' -- why it was given up
) STRICT;

CREATE UNIQUE INDEX patrol_open ON patrol (state) WHERE state = 'open';
CREATE INDEX patrol_by_time ON patrol (begun_ms);

-- Each point as it stood on the list when the round was begun, so that a changed list changes no register.
CREATE TABLE patrol_answer (
    patrol_id TEXT NOT NULL REFERENCES patrol (id),
    no INTEGER NOT NULL,
    point_id TEXT NOT NULL,
    what TEXT NOT NULL,
    aisle INTEGER,
    place TEXT NOT NULL,
    name TEXT NOT NULL,
    verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'in_order', 'finding')),
    answered_ms INTEGER,
    answered_by TEXT NOT NULL DEFAULT '',
    readings TEXT NOT NULL DEFAULT '[]', -- JSON: the room's own at that moment; one without a value had no good one
    PRIMARY KEY (patrol_id, point_id)
) STRICT;

CREATE TABLE patrol_finding (
    id TEXT PRIMARY KEY,
    patrol_id TEXT NOT NULL REFERENCES patrol (id),
    point_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    look TEXT NOT NULL DEFAULT '', -- a kept picture
    found_ms INTEGER NOT NULL,
    found_by TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '', -- who sees to it
    until TEXT NOT NULL DEFAULT '', -- by which day
    closed_ms INTEGER,
    closed_by TEXT NOT NULL DEFAULT '',
    done TEXT NOT NULL DEFAULT '' -- what was done
) STRICT;

CREATE INDEX patrol_finding_open ON patrol_finding (closed_ms) WHERE closed_ms IS NULL;

CREATE TRIGGER patrol_finding_is_never_deleted BEFORE DELETE ON patrol_finding
BEGIN SELECT RAISE (ABORT, 'findings are never deleted'); END;

CREATE TRIGGER patrol_answer_is_never_deleted BEFORE DELETE ON patrol_answer
BEGIN SELECT RAISE (ABORT, 'answers are never deleted'); END;
