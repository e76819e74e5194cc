-- After the inspection every position is found anew; until then none is believed, whatever restarts in between.
ALTER TABLE block_inspection ADD COLUMN found_ms INTEGER;

-- What was found since an earlier inspection stays found.
UPDATE block_inspection SET found_ms = (
    SELECT min(move.ended_ms) FROM move
    WHERE move.area = block_inspection.area AND move.kind = 'find' AND move.ended = 'reached'
      AND move.armed_ms >= block_inspection.made_ms
);

-- Finding positions goes beside what the block is used for, and takes it from nobody.
DELETE FROM block_task WHERE kind = 'find';
