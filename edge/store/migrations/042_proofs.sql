-- Monthly proofs of a block's circuits by hand, and how long ago the last one is, as this node counted it.

CREATE TABLE block_proof (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL,
    serial INTEGER NOT NULL, -- of the block's file in force
    technician TEXT NOT NULL,
    began_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    outcome TEXT CHECK (outcome IN ('good', 'failed', 'given_up')),
    answers TEXT NOT NULL DEFAULT '{}' -- JSON: item → UTC ms of each answer of the boards
) STRICT;

CREATE UNIQUE INDEX block_proof_open ON block_proof (area) WHERE ended_ms IS NULL;

-- Grows with the node's own running time too: a clock that goes backwards wins nobody a day.
CREATE TABLE block_proof_age (
    area TEXT PRIMARY KEY,
    proved_ms INTEGER NOT NULL, -- the proof that it counts from
    age_ms INTEGER NOT NULL
) STRICT;
