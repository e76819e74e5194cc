-- Numbers are ordered by value: 10000 after 9999. order_key is edge/domain/archive_numbers.py's, there while migrating.

ALTER TABLE item ADD COLUMN ref_order TEXT NOT NULL DEFAULT '';
UPDATE item SET ref_order = order_key(ref_fold) WHERE ref_fold <> '';
DROP INDEX item_ref_fold;
CREATE INDEX item_ref_order ON item (ref_order) WHERE ref_order <> '';
