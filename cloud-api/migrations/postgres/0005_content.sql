CREATE TABLE "ad_pseudonyms" (
	"resident_id" text PRIMARY KEY NOT NULL,
	"pseudonym" text NOT NULL
);

--> statement-breakpoint
CREATE TABLE "clip_files" (
	"clip_id" text NOT NULL,
	"cut" text NOT NULL,
	"profile" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"duration_ms" bigint NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"poster_sha256" text,
	CONSTRAINT "clip_files_clip_id_cut_profile_pk" PRIMARY KEY("clip_id","cut","profile")
);

--> statement-breakpoint
CREATE TABLE "clip_reviews" (
	"id" text PRIMARY KEY NOT NULL,
	"clip_id" text NOT NULL,
	"at" bigint NOT NULL,
	"step" text NOT NULL,
	"account_id" text,
	"reason" text,
	"note" text,
	"facts" json
);

--> statement-breakpoint
CREATE TABLE "permits" (
	"id" text PRIMARY KEY NOT NULL,
	"merchant_id" text NOT NULL,
	"category" text NOT NULL,
	"number" text NOT NULL,
	"file_sha256" text NOT NULL,
	"file_type" text NOT NULL,
	"valid_from" bigint NOT NULL,
	"valid_to" bigint NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"note" text,
	"decided_by" text,
	"decided_at" bigint,
	"file_deleted_at" bigint,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "declined_categories" (
	"community_id" text NOT NULL,
	"category" text NOT NULL,
	"account_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "declined_categories_community_id_category_pk" PRIMARY KEY("community_id","category")
);

--> statement-breakpoint
CREATE TABLE "clip_photos" (
	"owner" text NOT NULL,
	"sha256" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "clip_photos_owner_sha256_pk" PRIMARY KEY("owner","sha256")
);

--> statement-breakpoint
CREATE TABLE "clip_uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"merchant_id" text,
	"account_id" text NOT NULL,
	"title" text NOT NULL,
	"house" text,
	"category" text,
	"file_name" text NOT NULL,
	"bytes" bigint NOT NULL,
	"clip_id" text,
	"fault" text,
	"fault_details" json,
	"file_modified_at" bigint,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "clip_upload_parts" (
	"upload_id" text NOT NULL,
	"from_byte" bigint NOT NULL,
	"bytes" integer NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "clip_upload_parts_upload_id_from_byte_pk" PRIMARY KEY("upload_id","from_byte")
);

--> statement-breakpoint
CREATE TABLE "screen_complaints" (
	"id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"terminal_id" text NOT NULL,
	"about" text NOT NULL,
	"clip_id" text,
	"clip_title" text,
	"words" text NOT NULL,
	"at" bigint NOT NULL,
	"resident_id" text,
	"receipt_hash" text,
	"answer" text,
	"answered_at" bigint,
	"answered_by" text,
	"reminded_at" bigint
);

--> statement-breakpoint
CREATE TABLE "community_clip_blocks" (
	"community_id" text NOT NULL,
	"clip_id" text NOT NULL,
	"at" bigint NOT NULL,
	"by" text NOT NULL,
	"complaint_id" text,
	CONSTRAINT "community_clip_blocks_community_id_clip_id_pk" PRIMARY KEY("community_id","clip_id")
);

--> statement-breakpoint
CREATE TABLE "clip_names" (
	"clip" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"merchant_id" text,
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "exposure_reports" (
	"campaign_id" text NOT NULL,
	"community_id" text NOT NULL,
	"at" bigint NOT NULL,
	"version" integer NOT NULL,
	"made_at" bigint NOT NULL,
	"rendered" integer NOT NULL,
	"viewable" integer NOT NULL,
	"completed" integer NOT NULL,
	"verified_milli_touches" bigint NOT NULL,
	"panel_on" integer NOT NULL,
	"ambient" integer NOT NULL,
	"shown_ms" bigint NOT NULL,
	"frames_presented" bigint NOT NULL,
	"frames_dropped" bigint NOT NULL,
	"filtered" json NOT NULL,
	"missing" integer NOT NULL,
	CONSTRAINT "exposure_reports_campaign_id_community_id_at_version_pk" PRIMARY KEY("campaign_id","community_id","at","version")
);

--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "office_phone" text;
--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "volume_cap_percent" integer DEFAULT 100 NOT NULL;
--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "complaint_hours" integer DEFAULT 24 NOT NULL;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "screen_profile" text DEFAULT 'B' NOT NULL;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "brightness_percent" integer DEFAULT 100 NOT NULL;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "dim_percent" integer DEFAULT 60 NOT NULL;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "muted_until" bigint;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "media_terms" json;
--> statement-breakpoint
ALTER TABLE "terminal_presence" ADD COLUMN "screen" json;
--> statement-breakpoint
ALTER TABLE "clips" ADD COLUMN "category" text;
--> statement-breakpoint
ALTER TABLE "clips" ADD COLUMN "findings" json;
--> statement-breakpoint
ALTER TABLE "clips" ADD COLUMN "recipe" json;
--> statement-breakpoint
ALTER TABLE "clips" ADD COLUMN "approved_until" bigint;
--> statement-breakpoint
ALTER TABLE "clips" ADD COLUMN "last_played_at" bigint;
--> statement-breakpoint
ALTER TABLE "clips" ADD COLUMN "files_deleted_at" bigint;
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "cap_plays" integer;
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "cap_days" integer;
--> statement-breakpoint
ALTER TABLE "plays" ADD COLUMN "decision" text;
--> statement-breakpoint
ALTER TABLE "plays" ADD COLUMN "panel_by" text DEFAULT 'none' NOT NULL;
--> statement-breakpoint
ALTER TABLE "plays" ADD COLUMN "measured_by" text DEFAULT 'frames' NOT NULL;
--> statement-breakpoint
ALTER TABLE "plays" ADD COLUMN "written_at" bigint;
--> statement-breakpoint
ALTER TABLE "plays" ADD COLUMN "clock_quality" text DEFAULT 'synced' NOT NULL;
--> statement-breakpoint
CREATE INDEX "clip_files_sha256" ON "clip_files" USING btree ("sha256");
--> statement-breakpoint
CREATE INDEX "clip_reviews_clip" ON "clip_reviews" USING btree ("clip_id","at");
--> statement-breakpoint
CREATE INDEX "permits_merchant" ON "permits" USING btree ("merchant_id","category");
--> statement-breakpoint
CREATE INDEX "permits_status" ON "permits" USING btree ("status","created_at");
--> statement-breakpoint
CREATE INDEX "clip_photos_sha256" ON "clip_photos" USING btree ("sha256");
--> statement-breakpoint
CREATE INDEX "clip_photos_created" ON "clip_photos" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX "clip_uploads_account" ON "clip_uploads" USING btree ("account_id","created_at");
--> statement-breakpoint
CREATE INDEX "clip_uploads_expiry" ON "clip_uploads" USING btree ("expires_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "screen_complaints_receipt" ON "screen_complaints" USING btree ("receipt_hash");
--> statement-breakpoint
CREATE INDEX "screen_complaints_community" ON "screen_complaints" USING btree ("community_id","at","id");
--> statement-breakpoint
CREATE INDEX "screen_complaints_terminal" ON "screen_complaints" USING btree ("terminal_id","at");
--> statement-breakpoint
CREATE INDEX "screen_complaints_resident" ON "screen_complaints" USING btree ("resident_id","at");
--> statement-breakpoint
CREATE INDEX "screen_complaints_open" ON "screen_complaints" USING btree ("answered_at","reminded_at","at");
--> statement-breakpoint
CREATE INDEX "community_clip_blocks_clip" ON "community_clip_blocks" USING btree ("clip_id");
--> statement-breakpoint
CREATE INDEX "exposure_reports_place" ON "exposure_reports" USING btree ("community_id","at");
--> statement-breakpoint
CREATE INDEX "clips_approved_until" ON "clips" USING btree ("status","approved_until");--> statement-breakpoint
INSERT INTO "clip_files" ("clip_id", "cut", "profile", "sha256", "bytes", "duration_ms", "width", "height", "poster_sha256")
SELECT "clips"."id", "cuts"."cut", 'B', "clips"."sha256", "clips"."bytes", "clips"."duration_ms", "clips"."width", "clips"."height", "clips"."poster_sha256"
FROM "clips" CROSS JOIN (SELECT 'door' AS "cut" UNION ALL SELECT 'lift') AS "cuts"
WHERE "clips"."sha256" IS NOT NULL AND "clips"."bytes" IS NOT NULL AND "clips"."width" IS NOT NULL AND "clips"."height" IS NOT NULL;
