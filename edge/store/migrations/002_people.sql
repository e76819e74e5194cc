-- People are a directory: ids, roles and credentials. No PIN and no card number is ever stored, only what proves them.

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    department TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    source TEXT NOT NULL CHECK (source IN ('local', 'directory')),
    pin_salt BLOB,
    pin_hash BLOB, -- scrypt
    wrong_pins INTEGER NOT NULL DEFAULT 0,
    locked_boot TEXT NOT NULL DEFAULT '', -- boot and monotonic ms of the lock-out: a wall clock can be set
    locked_mono_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE person_role (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    PRIMARY KEY (person_id, role)
) STRICT;

-- What was decided in this room outlives every directory of the centre.
CREATE TABLE person_override (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL, -- '' = the whole person
    effect TEXT NOT NULL CHECK (effect IN ('revoked', 'granted')),
    PRIMARY KEY (person_id, role)
) STRICT;

-- uid_hmac = HMAC-SHA256(site key, uid), hex. revoked_here outlives every directory.
CREATE TABLE card (
    uid_hmac TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, -- opaque, for the trace
    person_id TEXT NOT NULL REFERENCES person (id),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    revoked_here INTEGER NOT NULL DEFAULT 0 CHECK (revoked_here IN (0, 1)),
    source TEXT NOT NULL CHECK (source IN ('local', 'directory'))
) STRICT;

CREATE INDEX card_by_person ON card (person_id);

CREATE TABLE directory (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    site TEXT NOT NULL,
    version INTEGER NOT NULL,
    accepted_utc_ms INTEGER NOT NULL
) STRICT;
