-- Search: bigrams and pinyin initials without text and positions; rowid = item.no or box.no.

CREATE VIRTUAL TABLE item_words USING fts5 (words, content = '', contentless_delete = 1, detail = none);
CREATE VIRTUAL TABLE item_initials USING fts5 (letters, content = '', contentless_delete = 1, detail = none);
CREATE VIRTUAL TABLE box_words USING fts5 (words, content = '', contentless_delete = 1, detail = none);
