"""The tables of a library, as migrations.

Numbered, forward only, each in one transaction; one that has been released is never edited. Plain
SQL rather than table builders, so that what a librarian sees in the file is what stands here.

`records` are the truth and are only ever appended; `works`, `contributors`, `identifiers` and the
full-text index are derived from them in the same transaction, and can be rebuilt. The reasons for
this shape, and the figures that decided it, are in docs/architecture.md.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("refman")


@migrations()
def m001_library(db: Database) -> None:
    """Works and records, with search, history and organisation."""
    for statement in _M001.split(";\n\n"):
        db.execute(statement)


@migrations()
def m002_answers(db: Database) -> None:
    """What each source said of each DOI, so that it need not be asked again."""
    for statement in _M002.split(";\n\n"):
        db.execute(statement)


@migrations()
def m003_standing(db: Database) -> None:
    """An index of how works stand, works kept apart, notes that are searched, saved searches."""
    for statement in _M003.split(";\n\n"):
        db.execute(statement)


@migrations()
def m004_prefixes(db: Database) -> None:
    """A full-text index that knows beginnings of three letters, and an index of proposals."""
    for statement in _M004.split(";\n\n"):
        db.execute(statement)


_M001 = """\
CREATE TABLE changes (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  summary TEXT NOT NULL,
  undoes INTEGER REFERENCES changes(id),
  undone_by INTEGER REFERENCES changes(id)
);

CREATE INDEX changes_undoes ON changes(undoes) WHERE undoes IS NOT NULL;

CREATE INDEX changes_undone_by ON changes(undone_by) WHERE undone_by IS NOT NULL;

CREATE TABLE change_items (
  id INTEGER PRIMARY KEY,
  change_id INTEGER NOT NULL REFERENCES changes(id),
  kind TEXT NOT NULL,
  work_id INTEGER,
  target TEXT,
  before TEXT,
  after TEXT
);

CREATE INDEX change_items_change ON change_items(change_id);

CREATE INDEX change_items_work ON change_items(work_id);

CREATE TABLE payloads (
  digest TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  retrieved TEXT NOT NULL,
  body BLOB NOT NULL
);

CREATE INDEX payloads_source ON payloads(source, source_id);

CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL,
  change_id INTEGER NOT NULL REFERENCES changes(id),
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  location TEXT,
  retrieved TEXT,
  preferred INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'standing',
  withdrawn INTEGER NOT NULL DEFAULT 0,
  citation_key TEXT,
  guessed TEXT,
  cleared TEXT,
  verbatim TEXT,
  payload TEXT,
  description TEXT NOT NULL
);

CREATE INDEX records_work ON records(work_id);

CREATE INDEX records_change ON records(change_id);

CREATE TABLE works (
  id INTEGER PRIMARY KEY,
  citation_key TEXT NOT NULL,
  type TEXT,
  title TEXT,
  author TEXT,
  editor TEXT,
  container_title TEXT,
  year INTEGER,
  issued TEXT,
  volume TEXT,
  issue TEXT,
  page TEXT,
  publisher TEXT,
  doi TEXT,
  language TEXT,
  status TEXT,
  added TEXT NOT NULL,
  modified TEXT NOT NULL,
  sort_author TEXT,
  sort_title TEXT,
  title_key INTEGER,
  facets TEXT NOT NULL,
  record_id INTEGER,
  attribution TEXT,
  description TEXT
);

CREATE INDEX works_year ON works(year, id);

CREATE INDEX works_author ON works(sort_author, id);

CREATE INDEX works_title ON works(sort_title, id);

CREATE INDEX works_title_key ON works(title_key) WHERE title_key IS NOT NULL;

CREATE INDEX works_modified ON works(modified, id);

CREATE TABLE removed_works (
  id INTEGER PRIMARY KEY,
  citation_key TEXT NOT NULL,
  aliases TEXT,
  added TEXT NOT NULL,
  change_id INTEGER NOT NULL REFERENCES changes(id)
);

CREATE INDEX removed_works_change ON removed_works(change_id);

CREATE TABLE citation_keys (
  key TEXT PRIMARY KEY COLLATE NOCASE,
  work_id INTEGER NOT NULL,
  current INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;

CREATE INDEX citation_keys_alias ON citation_keys(work_id) WHERE current = 0;

CREATE TABLE contributors (
  work_id INTEGER NOT NULL,
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  family TEXT,
  given TEXT,
  literal TEXT,
  orcid TEXT,
  PRIMARY KEY (work_id, role, position)
) WITHOUT ROWID;

CREATE TABLE identifiers (
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  work_id INTEGER NOT NULL,
  PRIMARY KEY (scheme, value, work_id)
) WITHOUT ROWID;

CREATE INDEX identifiers_work ON identifiers(work_id);

CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE
);

CREATE TABLE work_tags (
  work_id INTEGER NOT NULL,
  tag_id INTEGER NOT NULL REFERENCES tags(id),
  change_id INTEGER NOT NULL REFERENCES changes(id),
  PRIMARY KEY (work_id, tag_id)
) WITHOUT ROWID;

CREATE INDEX work_tags_tag ON work_tags(tag_id, work_id);

CREATE INDEX work_tags_change ON work_tags(change_id);

CREATE TABLE collections (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE
);

CREATE TABLE work_collections (
  work_id INTEGER NOT NULL,
  collection_id INTEGER NOT NULL REFERENCES collections(id),
  change_id INTEGER NOT NULL REFERENCES changes(id),
  PRIMARY KEY (work_id, collection_id)
) WITHOUT ROWID;

CREATE INDEX work_collections_collection ON work_collections(collection_id, work_id);

CREATE INDEX work_collections_change ON work_collections(change_id);

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  added TEXT NOT NULL,
  modified TEXT NOT NULL
);

CREATE INDEX notes_work ON notes(work_id);

CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL,
  path TEXT NOT NULL,
  media_type TEXT,
  sha256 TEXT,
  added TEXT NOT NULL
);

CREATE INDEX attachments_work ON attachments(work_id);

CREATE TABLE enrichments (
  work_id INTEGER PRIMARY KEY,
  status TEXT NOT NULL,
  source TEXT,
  reason TEXT,
  at TEXT NOT NULL
);

CREATE INDEX enrichments_status ON enrichments(status, work_id);

CREATE TABLE problems (
  id INTEGER PRIMARY KEY,
  change_id INTEGER NOT NULL REFERENCES changes(id),
  location TEXT NOT NULL,
  reason TEXT NOT NULL,
  raw TEXT NOT NULL
);

CREATE INDEX problems_change ON problems(change_id);

CREATE VIEW works_text AS
  SELECT w.id AS id, w.title AS title,
    coalesce(w.author || '; ', '') || coalesce(w.editor, '') AS author,
    w.container_title AS container_title,
    d.description ->> 'abstract' AS abstract, d.description ->> 'keyword' AS keyword,
    w.citation_key || ' ' || coalesce(w.year, '') || ' ' || coalesce(w.doi, '') || ' '
      || coalesce(w.publisher, '') || ' ' || coalesce(d.description ->> 'collection_title', '')
      || ' ' || coalesce(d.description ->> 'ISBN', '')
      || ' ' || coalesce(d.description ->> 'ISSN', '')
      || ' ' || coalesce(d.description ->> 'note', '')
      || ' ' || coalesce(d.description ->> 'event_title', '')
      || ' ' || coalesce(d.description ->> 'original_title', '') AS other,
    w.facets AS facets
  FROM works w JOIN works_description d ON d.id = w.id;

CREATE VIEW works_description AS
  SELECT w.id AS id,
    coalesce(w.description, (SELECT r.description FROM records r WHERE r.id = w.record_id))
      AS description
  FROM works w;

CREATE VIEW provenance AS
  SELECT r.work_id, w.citation_key, j.key AS field, j.value, r.kind, r.source, r.location,
    r.retrieved, r.state, r.withdrawn,
    CASE WHEN w.attribution IS NULL THEN r.id = w.record_id
      ELSE (w.attribution ->> j.key) = r.id END AS stands, r.id AS record_id
  FROM records r JOIN works w ON w.id = r.work_id, json_each(r.description) j;

CREATE VIRTUAL TABLE works_fts USING fts5 (
  title, author, container_title, abstract, keyword, other, facets,
  content = 'works_text', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2'
)"""

_M002 = """\
CREATE TABLE answers (
  source TEXT NOT NULL,
  doi TEXT NOT NULL,
  status TEXT NOT NULL,
  retrieved TEXT NOT NULL,
  payload TEXT,
  reason TEXT,
  etag TEXT,
  last_modified TEXT,
  stale INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (source, doi)
) WITHOUT ROWID;

CREATE INDEX answers_stale ON answers(doi) WHERE stale = 1;

INSERT OR REPLACE INTO answers (source, doi, status, retrieved, payload)
  SELECT source, lower(source_id), 'found', retrieved, digest FROM payloads ORDER BY retrieved"""

_M003 = """\
CREATE INDEX works_status ON works(status, id) WHERE status IS NOT NULL;

CREATE TABLE distinct_works (
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  PRIMARY KEY (a, b)
) WITHOUT ROWID;

CREATE TABLE saved_searches (
  name TEXT PRIMARY KEY COLLATE NOCASE,
  query TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX change_items_belongings ON change_items(kind, target)
  WHERE kind IN ('notes', 'attachments');

DROP VIEW works_text;

CREATE VIEW works_text AS
  SELECT w.id AS id, w.title AS title,
    coalesce(w.author || '; ', '') || coalesce(w.editor, '') AS author,
    w.container_title AS container_title,
    d.description ->> 'abstract' AS abstract, d.description ->> 'keyword' AS keyword,
    w.citation_key || ' ' || coalesce(w.year, '') || ' ' || coalesce(w.doi, '') || ' '
      || coalesce(w.publisher, '') || ' ' || coalesce(d.description ->> 'collection_title', '')
      || ' ' || coalesce(d.description ->> 'ISBN', '')
      || ' ' || coalesce(d.description ->> 'ISSN', '')
      || ' ' || coalesce(d.description ->> 'note', '')
      || ' ' || coalesce(d.description ->> 'event_title', '')
      || ' ' || coalesce(d.description ->> 'original_title', '')
      || coalesce((SELECT ' ' || group_concat(n.text, ' ') FROM
        (SELECT text FROM notes WHERE work_id = w.id ORDER BY id) n), '') AS other,
    w.facets AS facets
  FROM works w JOIN works_description d ON d.id = w.id"""

_M004 = """\
CREATE INDEX records_proposed ON records(work_id) WHERE state = 'proposed' AND withdrawn = 0;

DROP TABLE works_fts;

CREATE VIRTUAL TABLE works_fts USING fts5 (
  title, author, container_title, abstract, keyword, other, facets,
  content = 'works_text', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);

INSERT INTO works_fts (works_fts, rank) VALUES ('hashsize', 67108864);

INSERT INTO works_fts (works_fts) SELECT 'rebuild' WHERE EXISTS (SELECT 1 FROM works)"""
