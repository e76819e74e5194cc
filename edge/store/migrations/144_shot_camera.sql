-- Which lens took a picture of a bay: a stop of the trolley is made when every lens has seen the bay from it.
ALTER TABLE stocktake_shot ADD COLUMN camera TEXT NOT NULL DEFAULT ''; -- '' before this column
