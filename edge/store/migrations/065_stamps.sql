-- What the archive stamp 归档章 on a page says: JSON of proposed fields, '{}' where there is none.
ALTER TABLE page ADD COLUMN stamp TEXT NOT NULL DEFAULT '{}';
