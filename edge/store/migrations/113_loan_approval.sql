-- Requests that wait for somebody's word, and what was said to each.

CREATE TABLE loan_decision (
    loan_id TEXT PRIMARY KEY REFERENCES loan (id),
    approved INTEGER NOT NULL CHECK (approved IN (0, 1)),
    actor TEXT NOT NULL, -- a person of the room, or centre:<name>
    opinion TEXT NOT NULL, -- as it was typed; it never leaves the room
    utc_ms INTEGER NOT NULL
) STRICT;

-- A denied request holds its thing no more than a cancelled one does.
DROP INDEX loan_of_one_thing;
CREATE UNIQUE INDEX loan_of_one_thing ON loan (coalesce(item_id, volume_id, box_id))
    WHERE state NOT IN ('reshelved', 'cancelled', 'denied');
