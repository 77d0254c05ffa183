CREATE TABLE notes (id TEXT);
