-- The tables of the schema's models. Applied once; change it only before that.

CREATE TABLE "login_sessions" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16),
  "user_id" BLOB NOT NULL CHECK (length("user_id") = 16),
  "expires_at" INTEGER NOT NULL,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;

CREATE INDEX "idx_login_sessions_user_id" ON "login_sessions" ("user_id");

CREATE TABLE "bookings" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16),
  "listing_id" BLOB NOT NULL CHECK (length("listing_id") = 16),
  "guest_id" BLOB NOT NULL CHECK (length("guest_id") = 16),
  "starts_on" TEXT NOT NULL,
  "ends_on" TEXT NOT NULL,
  "total" INTEGER NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'CONFIRMED' CHECK ("status" IN ('CONFIRMED', 'CANCELLED', 'ARCHIVED')),
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  FOREIGN KEY ("listing_id") REFERENCES "listings" ("id") ON DELETE RESTRICT,
  FOREIGN KEY ("guest_id") REFERENCES "users" ("id") ON DELETE RESTRICT
) STRICT;

CREATE INDEX "idx_bookings_listing_id_starts_on" ON "bookings" ("listing_id", "starts_on");
CREATE INDEX "idx_bookings_guest_id" ON "bookings" ("guest_id");
CREATE INDEX "idx_bookings_starts_on_id" ON "bookings" ("starts_on", "id");

CREATE TABLE "webhooks" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16),
  "host_id" BLOB NOT NULL CHECK (length("host_id") = 16),
  "url" TEXT NOT NULL CHECK (length("url") >= 8) CHECK (length("url") <= 2000),
  FOREIGN KEY ("host_id") REFERENCES "users" ("id") ON DELETE CASCADE
) STRICT;

CREATE INDEX "idx_webhooks_host_id" ON "webhooks" ("host_id");

CREATE TABLE "listings" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16),
  "host_id" BLOB NOT NULL CHECK (length("host_id") = 16),
  "title" TEXT NOT NULL CHECK (length("title") >= 3) CHECK (length("title") <= 120),
  "description" TEXT CHECK (length("description") <= 4000),
  "region" TEXT NOT NULL CHECK ("region" IN ('EUROPE', 'AMERICAS', 'ASIA_PACIFIC')),
  "city" TEXT NOT NULL,
  "price" INTEGER NOT NULL CHECK ("price" >= 0),
  "published" INTEGER NOT NULL DEFAULT 0 CHECK ("published" IN (0, 1)),
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  FOREIGN KEY ("host_id") REFERENCES "users" ("id") ON DELETE RESTRICT
) STRICT;

CREATE INDEX "idx_listings_city_price" ON "listings" ("city", "price");
CREATE INDEX "idx_listings_host_id" ON "listings" ("host_id");
CREATE INDEX "idx_listings_title_id" ON "listings" ("title", "id");
CREATE INDEX "idx_listings_city_id" ON "listings" ("city", "id");
CREATE INDEX "idx_listings_price_id" ON "listings" ("price", "id");

CREATE TABLE "amenities" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "name" TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX "uq_amenities_name" ON "amenities" ("name");

CREATE TABLE "reviews" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16),
  "booking_id" BLOB NOT NULL CHECK (length("booking_id") = 16),
  "listing_id" BLOB NOT NULL CHECK (length("listing_id") = 16),
  "author_id" BLOB NOT NULL CHECK (length("author_id") = 16),
  "rating" INTEGER NOT NULL CHECK ("rating" BETWEEN -2147483648 AND 2147483647) CHECK ("rating" >= 1) CHECK ("rating" <= 5),
  "body" TEXT CHECK (length("body") <= 2000),
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  FOREIGN KEY ("booking_id") REFERENCES "bookings" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("listing_id") REFERENCES "listings" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON DELETE RESTRICT
) STRICT;

CREATE UNIQUE INDEX "uq_reviews_booking_id" ON "reviews" ("booking_id");
CREATE INDEX "idx_reviews_listing_id_created_at_id" ON "reviews" ("listing_id", "created_at", "id");
CREATE INDEX "idx_reviews_author_id" ON "reviews" ("author_id");
CREATE INDEX "idx_reviews_rating_id" ON "reviews" ("rating", "id");

CREATE TABLE "users" (
  "id" BLOB PRIMARY KEY NOT NULL CHECK (length("id") = 16),
  "email" TEXT NOT NULL,
  "password_hash" TEXT NOT NULL,
  "name" TEXT NOT NULL CHECK (length("name") >= 1) CHECK (length("name") <= 80),
  "role" TEXT NOT NULL DEFAULT 'GUEST' CHECK ("role" IN ('GUEST', 'HOST', 'ADMIN')),
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX "uq_users_email" ON "users" ("email");
CREATE INDEX "idx_users_name_id" ON "users" ("name", "id");

CREATE TABLE "listing_amenities" (
  "listing_id" BLOB NOT NULL CHECK (length("listing_id") = 16),
  "amenity_id" INTEGER NOT NULL,
  PRIMARY KEY ("listing_id", "amenity_id"),
  FOREIGN KEY ("listing_id") REFERENCES "listings" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("amenity_id") REFERENCES "amenities" ("id") ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX "listing_amenities_amenity_id" ON "listing_amenities" ("amenity_id", "listing_id");
