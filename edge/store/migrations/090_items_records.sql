-- Deleting a record asks every table that points at it: without these, each row of a taken-back import reads them whole.
CREATE INDEX page_by_item ON page (item_id);
CREATE INDEX batch_item_by_item ON batch_item (item_id);
CREATE INDEX stocktake_box_by_box ON stocktake_box (box_id);
