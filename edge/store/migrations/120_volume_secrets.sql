-- Whether a volume shows is asked of every volume that is found: the papers in it tell so by this index alone.
DROP INDEX item_volume;
CREATE INDEX item_volume ON item (volume_id, secret_level);
