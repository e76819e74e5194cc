-- What an item is about 范围和提要 (scope and content), as finding aids of others tell it.
ALTER TABLE item_description ADD COLUMN scope TEXT NOT NULL DEFAULT '';
