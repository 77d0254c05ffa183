-- The tables of the schema's models. Applied once; change it only before that.

CREATE TABLE "notes" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16)
) STRICT;
