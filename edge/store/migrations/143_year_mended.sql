-- Lines are also put right by the years they can mean: 'year'.
DROP INDEX page_line_unsure;
DROP INDEX page_line_corrected;
ALTER TABLE page_line RENAME TO page_line_before;

CREATE TABLE page_line (
    page INTEGER NOT NULL REFERENCES page (no),
    line INTEGER NOT NULL,
    quad TEXT NOT NULL, -- JSON: four [x, y] in the page's pixels
    read_text TEXT NOT NULL, -- as the networks read it; never changed
    text TEXT NOT NULL, -- as it counts: read, or put right
    confidence REAL NOT NULL,
    weakest REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sure', 'unsure', 'corrected', 'confirmed')),
    mended TEXT NOT NULL DEFAULT '' CHECK (mended IN ('', 'number', 'word', 'year')),
    PRIMARY KEY (page, line)
) STRICT, WITHOUT ROWID;

INSERT INTO page_line SELECT page, line, quad, read_text, text, confidence, weakest, state, mended FROM page_line_before;
DROP TABLE page_line_before;

CREATE INDEX page_line_unsure ON page_line (page, line) WHERE state = 'unsure';
-- What people made of a reading, when the networks read the same again.
CREATE INDEX page_line_corrected ON page_line (read_text) WHERE state = 'corrected';
