-- Pull lists, moves for every purpose and how they went, since when aisles count as occupied, people trapped.

CREATE TABLE pull_list (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL,
    person_id TEXT NOT NULL,
    began_ms INTEGER NOT NULL,
    ended_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX pull_list_open ON pull_list (area) WHERE ended_ms IS NULL;

CREATE TABLE pull_list_loan (
    list_id TEXT NOT NULL REFERENCES pull_list (id),
    loan_id TEXT NOT NULL REFERENCES loan (id),
    PRIMARY KEY (list_id, loan_id)
) STRICT;

ALTER TABLE block_task RENAME TO block_task_before;

CREATE TABLE block_task (
    area TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (
        kind IN ('retrieve', 'pull', 'shelve', 'find', 'patrol', 'stocktake', 'park', 'ventilate')
    ),
    loan_id TEXT,
    box_id TEXT,
    person_id TEXT NOT NULL,
    aisle INTEGER,
    since_ms INTEGER NOT NULL,
    list_id TEXT
) STRICT;

INSERT INTO block_task SELECT area, kind, loan_id, box_id, person_id, aisle, since_ms, NULL FROM block_task_before;
DROP TABLE block_task_before;

DROP INDEX move_open;
ALTER TABLE move RENAME TO move_before;

CREATE TABLE move (
    id TEXT PRIMARY KEY,
    move_no INTEGER NOT NULL, -- what the boards know it by, 1..65535
    area TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN ('retrieve', 'pull', 'shelve', 'find', 'patrol', 'stocktake', 'park', 'ventilate')
    ),
    loan_id TEXT,
    box_id TEXT,
    person_id TEXT NOT NULL,
    aisle INTEGER,
    plan TEXT NOT NULL, -- JSON: column, from_mm, to_mm of each mover
    phase TEXT NOT NULL CHECK (phase IN ('armed', 'started', 'ended')),
    ended TEXT NOT NULL DEFAULT '',
    armed_ms INTEGER NOT NULL,
    started_ms INTEGER,
    ended_ms INTEGER,
    list_id TEXT,
    seen TEXT NOT NULL DEFAULT '{}' -- JSON: what the boards said of it, as in the event move.ended
) STRICT;

INSERT INTO move SELECT id, move_no, area, kind, loan_id, box_id, person_id, aisle, plan, phase, ended, armed_ms,
    started_ms, ended_ms, NULL, '{}' FROM move_before ORDER BY rowid;
DROP TABLE move_before;

CREATE INDEX move_open ON move (area) WHERE phase <> 'ended';

-- As this node saw it; a row goes when the aisle is walked and reset.
CREATE TABLE aisle_since (
    area TEXT NOT NULL,
    aisle INTEGER NOT NULL,
    why TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (area, aisle)
) STRICT;

CREATE TABLE entrapment (
    id TEXT PRIMARY KEY,
    reported_by TEXT NOT NULL, -- a panel's id: nobody needs to sign in to call for help
    reported_ms INTEGER NOT NULL,
    ended_by TEXT NOT NULL DEFAULT '',
    ended_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX entrapment_open ON entrapment ((ended_ms IS NULL)) WHERE ended_ms IS NULL;
