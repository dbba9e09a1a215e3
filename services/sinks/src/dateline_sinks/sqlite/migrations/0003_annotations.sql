-- What further enrichers add to an article, and entities by their entry in a knowledge base.

ALTER TABLE articles ADD COLUMN annotations TEXT NOT NULL DEFAULT '{}';

CREATE INDEX links_target ON links (scheme, target);
