-- The word index holds single Han characters beside bigrams (edge/store/reindex.py fills it anew), and a piece of an
-- index fits one page of the encrypted file, so that reading it deciphers one page and not two.

INSERT INTO item_words (item_words, rank) VALUES ('pgsz', 3960);
INSERT INTO item_sounds (item_sounds, rank) VALUES ('pgsz', 3960);
