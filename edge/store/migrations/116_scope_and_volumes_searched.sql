-- Scope is searched with an item's own words, and volumes are found by number, words and pinyin like items:
-- edge/store/reindex.py writes the words of both. order_key and prefix_fold are edge/domain/archive_numbers.py's.

CREATE INDEX item_scoped ON item_description (item_no) WHERE scope <> ''; -- a store without scope looks up none

ALTER TABLE volume ADD COLUMN ref_fold TEXT NOT NULL DEFAULT '';
ALTER TABLE volume ADD COLUMN ref_order TEXT NOT NULL DEFAULT '';
ALTER TABLE volume ADD COLUMN sounds TEXT NOT NULL DEFAULT ''; -- as of item (migration 030)
UPDATE volume SET ref_fold = prefix_fold(ref_code) WHERE ref_code <> '';
UPDATE volume SET ref_order = order_key(ref_fold) WHERE ref_fold <> '';
CREATE INDEX volume_ref_order ON volume (ref_order) WHERE ref_order <> '';

-- As of item (migration 030).
ALTER TABLE volume ADD COLUMN category TEXT GENERATED ALWAYS AS (
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

CREATE VIRTUAL TABLE volume_words USING fts5 (words, content = '', contentless_delete = 1, detail = none);
CREATE VIRTUAL TABLE volume_sounds USING fts5 (sounds, content = '', contentless_delete = 1, detail = none);

-- A rebuild that was begun knows nothing of scope and volumes: what it has written is written once more.
ALTER TABLE index_rebuild ADD COLUMN after_volume INTEGER NOT NULL DEFAULT 0;
CREATE TABLE index_rebuild_waiting (
    kind TEXT NOT NULL CHECK (kind IN ('item', 'box', 'volume')),
    no INTEGER NOT NULL,
    PRIMARY KEY (kind, no)
) STRICT, WITHOUT ROWID;
INSERT INTO index_rebuild_waiting SELECT kind, no FROM index_rebuild_again;
INSERT OR IGNORE INTO index_rebuild_waiting SELECT 'item', item_no FROM item_description
    WHERE scope <> '' AND EXISTS (SELECT 1 FROM index_rebuild);
DROP TRIGGER IF EXISTS rebuild_item_added;
DROP TRIGGER IF EXISTS rebuild_item_changed;
DROP TRIGGER IF EXISTS rebuild_item_gone;
DROP TRIGGER IF EXISTS rebuild_text_added;
DROP TRIGGER IF EXISTS rebuild_text_changed;
DROP TRIGGER IF EXISTS rebuild_text_gone;
DROP TRIGGER IF EXISTS rebuild_box_added;
DROP TRIGGER IF EXISTS rebuild_box_changed;
DROP TRIGGER IF EXISTS rebuild_box_gone;
DROP TABLE index_rebuild_again;
ALTER TABLE index_rebuild_waiting RENAME TO index_rebuild_again;
