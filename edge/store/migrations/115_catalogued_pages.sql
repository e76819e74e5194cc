-- What the index said when a box was counted: once it is corrected, the sheet could not tell any more.
ALTER TABLE stocktake_difference ADD COLUMN catalogued INTEGER;
UPDATE stocktake_difference SET catalogued = (SELECT pages FROM item WHERE item.id = item_id)
 WHERE kind = 'pages_differ' AND state <> 'approved';
