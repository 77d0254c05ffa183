-- The tables of the schema's models. Applied once; change it only before that.

CREATE TABLE "everythings" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "string" TEXT NOT NULL,
  "int" INTEGER NOT NULL CHECK ("int" BETWEEN -2147483648 AND 2147483647),
  "float" REAL NOT NULL,
  "boolean" INTEGER NOT NULL CHECK ("boolean" IN (0, 1)),
  "big_int" INTEGER NOT NULL,
  "bytes" BLOB NOT NULL,
  "date" TEXT NOT NULL,
  "date_time" INTEGER NOT NULL,
  "decimal" INTEGER NOT NULL,
  "duration" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "json" TEXT NOT NULL CHECK (json_valid("json")),
  "time" TEXT NOT NULL,
  "uuid" BLOB NOT NULL CHECK (length("uuid") = 16),
  "url" TEXT NOT NULL,
  "color" TEXT NOT NULL CHECK ("color" IN ('RED', 'GREEN')),
  "code" TEXT NOT NULL
) STRICT;

CREATE TABLE "defaults" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16),
  "name" TEXT NOT NULL,
  "string" TEXT NOT NULL DEFAULT 'it''s',
  "int" INTEGER NOT NULL DEFAULT -2147483648 CHECK ("int" BETWEEN -2147483648 AND 2147483647),
  "float" REAL NOT NULL DEFAULT 1.5,
  "boolean" INTEGER NOT NULL DEFAULT 1 CHECK ("boolean" IN (0, 1)),
  "big_int" INTEGER NOT NULL DEFAULT 9007199254740993,
  "date" TEXT NOT NULL DEFAULT '2026-01-31',
  "date_time" INTEGER NOT NULL,
  "decimal" INTEGER NOT NULL DEFAULT 1250,
  "duration" TEXT NOT NULL DEFAULT 'PT1H30M',
  "email" TEXT NOT NULL DEFAULT 'a@example.org',
  "json" TEXT NOT NULL CHECK (json_valid("json")),
  "time" TEXT NOT NULL DEFAULT '12:30:00',
  "uuid" BLOB NOT NULL CHECK (length("uuid") = 16),
  "url" TEXT NOT NULL DEFAULT 'https://example.org/',
  "color" TEXT NOT NULL DEFAULT 'GREEN' CHECK ("color" IN ('RED', 'GREEN')),
  "absent" TEXT
) STRICT;
