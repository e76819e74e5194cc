-- What a record said before, who changed it, when and why. Nothing is ever taken out of here.
CREATE TABLE correction (
    id TEXT PRIMARY KEY,
    level TEXT NOT NULL CHECK (level IN ('fonds', 'volume', 'item', 'box')),
    subject TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('corrected', 'merged', 'voided')),
    field TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    utc_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX correction_of ON correction (subject, id);

CREATE TRIGGER correction_is_never_changed BEFORE UPDATE ON correction
BEGIN
    SELECT RAISE (ABORT, 'what was corrected stays as it was recorded');
END;

CREATE TRIGGER correction_is_never_deleted BEFORE DELETE ON correction
BEGIN
    SELECT RAISE (ABORT, 'what was corrected stays as it was recorded');
END;
