-- When a batch ended and by whom; why it ended although pages were not digitised, and which.
ALTER TABLE batch ADD COLUMN closed_ms INTEGER;
ALTER TABLE batch ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE batch ADD COLUMN despite TEXT NOT NULL DEFAULT '';
ALTER TABLE batch_item ADD COLUMN undigitised TEXT NOT NULL DEFAULT '';
