-- Full-text search over the latest revisions.
-- 'simple' keeps words as they are: names and places must not be stemmed, and one query serves all languages.
-- A tsvector holds at most 1 MB, so that long texts are cut for it.

ALTER TABLE articles ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', left(title, 20000)), 'A')
    || setweight(to_tsvector('simple', left(coalesce(summary, ''), 20000)), 'B')
    || setweight(to_tsvector('simple', left(body, 160000)), 'C')
) STORED;

CREATE INDEX articles_search ON articles USING gin (search);
