-- Full pinyin beside initials, page text, filters by category; the index is filled anew by edge/store/reindex.py.

ALTER TABLE item RENAME COLUMN initials TO sounds;  -- "guan yu kuai/hui ji": a word per Han character of the title

-- The category code of the archive number: WS of Z109/WS/2011/…, KH of KH0001.
ALTER TABLE item ADD COLUMN category TEXT GENERATED ALWAYS AS (
    CASE
        WHEN ref_key IS NULL OR ref_key LIKE '~%' THEN ''
        WHEN instr(ref_key, '/') = 0 THEN substr(ref_key, 1, 2)
        ELSE substr(
            substr(ref_key, instr(ref_key, '/') + 1),
            1,
            instr(replace(substr(ref_key, instr(ref_key, '/') + 1), '·', '/'), '/') - 1
        )
    END
) VIRTUAL;

DROP TABLE item_initials;
CREATE VIRTUAL TABLE item_sounds USING fts5 (sounds, content = '', contentless_delete = 1, detail = none);

-- What is written on the pages, as OCR or a person read it; searched with the item's own words.
CREATE TABLE item_text (
    item_no INTEGER NOT NULL REFERENCES item (no),
    page INTEGER NOT NULL CHECK (page >= 1),
    text TEXT NOT NULL,
    engine TEXT NOT NULL,
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    utc_ms INTEGER NOT NULL,
    PRIMARY KEY (item_no, page)
) STRICT;
CREATE INDEX item_not_in_place ON item (state) WHERE state <> 'shelved';
