-- The panel asks each second which boxes wait to go back.
CREATE INDEX box_out ON box (home_slot) WHERE state = 'out';
