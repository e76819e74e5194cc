-- The centre's tables. Events, epochs, checkpoints and the quarantine are evidence and never deleted;
-- loan, alarm, box, patrol and finding are projections of the events and may be dropped and built again at any time.

CREATE TABLE IF NOT EXISTS node (
    node TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,            -- Ed25519, hex; empty: checkpoints of this node cannot be verified
    enrolled_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS heartbeat (
    node TEXT PRIMARY KEY,
    session INTEGER NOT NULL,
    state TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,                -- the node's own newest event: the difference is the backlog
    utc_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,        -- by this machine's clock; 0: only a retained message was seen
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    faults TEXT NOT NULL                 -- JSON list of codes
) STRICT;

CREATE TABLE IF NOT EXISTS capability (
    node TEXT PRIMARY KEY,
    commands TEXT NOT NULL               -- JSON list of the command kinds that the node carries out
) STRICT;

CREATE TABLE IF NOT EXISTS epoch (
    node TEXT NOT NULL,
    epoch TEXT NOT NULL,
    no INTEGER NOT NULL,                 -- order of arrival within the node, from 1
    seq INTEGER NOT NULL,                -- held without a gap up to here
    head TEXT NOT NULL,
    previous_epoch TEXT NOT NULL,        -- '' for the first
    previous_seq INTEGER NOT NULL,       -- where the new epoch branches off the previous one
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (node, epoch),
    UNIQUE (node, no)
) STRICT;

CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival at the centre
    node TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    utc_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    level TEXT NOT NULL,
    envelope BLOB NOT NULL,
    salt BLOB,
    body BLOB,
    UNIQUE (node, epoch, seq)
) STRICT;
CREATE INDEX IF NOT EXISTS event_by_node ON event (node, id);
-- Requests whose content stays in their room are known by their envelopes alone.
CREATE INDEX IF NOT EXISTS event_withheld_loan ON event (node, subject, id) WHERE body IS NULL AND action GLOB 'loan.*';

CREATE INDEX IF NOT EXISTS event_by_action ON event (action, utc_ms);

CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'events are never changed'); END;
CREATE TRIGGER IF NOT EXISTS event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'events are never deleted'); END;

CREATE TABLE IF NOT EXISTS quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    node TEXT NOT NULL,
    leaf TEXT NOT NULL,                  -- up/events, up/checkpoint …
    why TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    digest TEXT NOT NULL,                -- SHA-256 of the payload: the same message twice is counted, not kept twice
    payload BLOB NOT NULL,
    times INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    UNIQUE (node, leaf, why, digest)
) STRICT;

CREATE TABLE IF NOT EXISTS checkpoint (
    node TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    head TEXT NOT NULL,
    utc_ms INTEGER NOT NULL,
    signature TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (node, epoch, seq)
) STRICT;

CREATE TABLE IF NOT EXISTS reading (
    node TEXT NOT NULL,
    place TEXT NOT NULL,
    measurand TEXT NOT NULL,
    value INTEGER NOT NULL,
    quality TEXT NOT NULL,
    measured_ms INTEGER NOT NULL,
    PRIMARY KEY (node, place, measurand)
) STRICT;

CREATE TABLE IF NOT EXISTS loan (
    node TEXT NOT NULL,
    loan TEXT NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    box TEXT NOT NULL,
    slot TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL,
    changed_ms INTEGER NOT NULL,
    box_no TEXT NOT NULL DEFAULT '',     -- '' where the node's program was too old to say it
    person TEXT NOT NULL DEFAULT '',     -- the opaque id of whoever asked
    asked_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (node, loan)
) STRICT;

CREATE TABLE IF NOT EXISTS alarm (
    node TEXT NOT NULL,
    alarm TEXT NOT NULL,
    rule TEXT NOT NULL,
    place TEXT NOT NULL,
    severity TEXT NOT NULL,
    active INTEGER NOT NULL,
    acked INTEGER NOT NULL,
    value INTEGER,
    bound INTEGER,                       -- the limit it crossed
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (node, alarm)
) STRICT;

CREATE TABLE IF NOT EXISTS box (
    node TEXT NOT NULL,
    box TEXT NOT NULL,
    slot TEXT NOT NULL,                  -- '' while out
    moves INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (node, box)
) STRICT;

CREATE TABLE IF NOT EXISTS patrol (
    node TEXT NOT NULL,
    patrol TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,                 -- open, signed, given_up
    begun_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (node, patrol)
) STRICT;

CREATE TABLE IF NOT EXISTS finding (
    node TEXT NOT NULL,
    finding TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,                  -- at which point of the patrol
    until TEXT NOT NULL,                 -- '' while nobody sees to it
    closed INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (node, finding)
) STRICT;

CREATE TABLE IF NOT EXISTS command (
    id TEXT PRIMARY KEY,
    node TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    author TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    answered_ms INTEGER,
    ok INTEGER,
    code TEXT,
    reason TEXT NOT NULL DEFAULT '',     -- a code
    text TEXT NOT NULL DEFAULT ''        -- an opinion as it was typed here
) STRICT;

CREATE TABLE IF NOT EXISTS person (
    name TEXT PRIMARY KEY,
    password TEXT NOT NULL,              -- scrypt
    wrong INTEGER NOT NULL DEFAULT 0,    -- wrong passwords in a row
    wait_until_ms INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0      -- may not sign in any more; what they did keeps their name
) STRICT;

CREATE TABLE IF NOT EXISTS person_right (
    person TEXT NOT NULL REFERENCES person (name),
    right TEXT NOT NULL,
    PRIMARY KEY (person, right)
) STRICT;

CREATE TABLE IF NOT EXISTS session (
    token_hash TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (name),
    opened_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT;

-- People whom the centre enrols, with their roles room by room; names go down to those rooms and nowhere else.
CREATE TABLE IF NOT EXISTS enrolled (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS enrolled_role (
    node TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES enrolled (id),
    role TEXT NOT NULL,
    PRIMARY KEY (node, person, role)
) STRICT;

CREATE TABLE IF NOT EXISTS wish (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,                 -- JSON list: exactly these
    rooms TEXT NOT NULL,                 -- JSON list of nodes
    author TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    decided_by TEXT,
    decided_ms INTEGER,
    confirmed INTEGER
) STRICT;

CREATE TABLE IF NOT EXISTS directory (
    node TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    message TEXT NOT NULL                -- as it goes to the room, signed
) STRICT;

-- What people did at the centre itself.
CREATE TABLE IF NOT EXISTS deed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    person TEXT NOT NULL,
    deed TEXT NOT NULL,
    about TEXT NOT NULL                  -- JSON
) STRICT;
CREATE TRIGGER IF NOT EXISTS deed_is_never_changed BEFORE UPDATE ON deed
BEGIN SELECT RAISE (ABORT, 'deeds are never changed'); END;
CREATE TRIGGER IF NOT EXISTS deed_is_never_deleted BEFORE DELETE ON deed
BEGIN SELECT RAISE (ABORT, 'deeds are never deleted'); END;

PRAGMA user_version = 1;
