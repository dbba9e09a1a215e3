-- Full-text search over the latest revisions. The text is in articles alone; triggers keep the index in step with it.

CREATE VIRTUAL TABLE articles_search USING fts5 (
    title, summary, body,
    content = 'articles', content_rowid = 'number',
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER articles_search_inserted AFTER INSERT ON articles BEGIN
    INSERT INTO articles_search (rowid, title, summary, body)
    VALUES (new.number, new.title, new.summary, new.body);
END;

CREATE TRIGGER articles_search_deleted AFTER DELETE ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, title, summary, body)
    VALUES ('delete', old.number, old.title, old.summary, old.body);
END;

CREATE TRIGGER articles_search_updated AFTER UPDATE OF number, title, summary, body ON articles
WHEN old.number IS NOT new.number OR old.title IS NOT new.title
    OR old.summary IS NOT new.summary OR old.body IS NOT new.body
BEGIN
    INSERT INTO articles_search (articles_search, rowid, title, summary, body)
    VALUES ('delete', old.number, old.title, old.summary, old.body);
    INSERT INTO articles_search (rowid, title, summary, body)
    VALUES (new.number, new.title, new.summary, new.body);
END;

INSERT INTO articles_search (articles_search) VALUES ('rebuild');
