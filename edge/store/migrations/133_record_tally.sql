-- What every record said when a change of ours left it, by digest. A tally is closed by an event of the trace that holds
-- its root; an empty digest: the record was taken out. Never changed once its tally is closed.

CREATE TABLE record_tally (
    tally INTEGER NOT NULL CHECK (tally > 0),
    kind TEXT NOT NULL CHECK (kind IN ('item', 'volume', 'box', 'fonds', 'series')),
    record ANY NOT NULL,                   -- its no; its key where it has none
    digest BLOB NOT NULL CHECK (length(digest) IN (0, 32)),
    PRIMARY KEY (tally, kind, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_tally_by_record ON record_tally (kind, record, tally);
