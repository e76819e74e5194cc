-- The trace: append-only events, their epochs, signed checkpoints, and how far the centre has confirmed them.

CREATE TABLE epoch (
    no INTEGER PRIMARY KEY,
    epoch TEXT NOT NULL UNIQUE,
    began_utc_ms INTEGER NOT NULL
) STRICT;

-- envelope, salt and body are the bytes as hashed; the other columns are copied out of the envelope for queries.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    epoch_no INTEGER NOT NULL REFERENCES epoch (no),
    seq INTEGER NOT NULL CHECK (seq > 0),
    utc_ms INTEGER NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    level TEXT NOT NULL,
    envelope BLOB NOT NULL,
    salt BLOB,
    body BLOB,
    UNIQUE (epoch_no, seq)
) STRICT;

CREATE INDEX event_by_subject ON event (subject, id);
CREATE INDEX event_by_action ON event (action, id);

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN
    SELECT RAISE (ABORT, 'the trace is append-only');
END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN
    SELECT RAISE (ABORT, 'the trace is append-only');
END;

CREATE TABLE checkpoint (
    epoch_no INTEGER NOT NULL REFERENCES epoch (no),
    seq INTEGER NOT NULL,
    head TEXT NOT NULL,
    utc_ms INTEGER NOT NULL,
    signature TEXT NOT NULL, -- Ed25519, hex, over the bytes named in edge/domain/trace.py
    PRIMARY KEY (epoch_no, seq)
) STRICT;

CREATE TABLE sync_cursor (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
