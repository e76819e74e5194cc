-- The slots of a bay side by side, as they were photographed; in the looks.
ALTER TABLE stocktake_bay ADD COLUMN picture TEXT NOT NULL DEFAULT '';
