-- Runs of the nightly upkeep: unfinished ones with the place where they go on, ended ones with what they found.

CREATE TABLE upkeep_run (
    no INTEGER PRIMARY KEY,
    job TEXT NOT NULL CHECK (job IN ('index', 'records', 'trace', 'evidence')),
    began_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    outcome TEXT CHECK (outcome IN ('good', 'bad', 'failed')),
    checked INTEGER NOT NULL DEFAULT 0,
    findings TEXT NOT NULL DEFAULT '[]',   -- JSON [[code, {params}], …]
    position TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE UNIQUE INDEX upkeep_unfinished ON upkeep_run (job) WHERE ended_ms IS NULL;
CREATE INDEX upkeep_ended ON upkeep_run (job, ended_ms);

-- A night's merging takes in two pieces of an index already.
INSERT INTO item_words (item_words, rank) VALUES ('usermerge', 2);
INSERT INTO item_sounds (item_sounds, rank) VALUES ('usermerge', 2);
INSERT INTO box_words (box_words, rank) VALUES ('usermerge', 2);
