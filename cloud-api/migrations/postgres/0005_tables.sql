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
	"note" text,
	"decided_by" text,
	"decided_at" bigint,
	"created_at" bigint NOT NULL
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
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);

--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "screen_profile" text DEFAULT 'B' NOT NULL;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "brightness_percent" integer DEFAULT 100 NOT NULL;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "dim_percent" integer DEFAULT 60 NOT NULL;
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
CREATE INDEX "clip_files_sha256" ON "clip_files" USING btree ("sha256");
--> statement-breakpoint
CREATE INDEX "clip_reviews_clip" ON "clip_reviews" USING btree ("clip_id","at");
--> statement-breakpoint
CREATE INDEX "permits_merchant" ON "permits" USING btree ("merchant_id","category");
--> statement-breakpoint
CREATE INDEX "permits_status" ON "permits" USING btree ("status","created_at");
--> statement-breakpoint
CREATE INDEX "clip_uploads_account" ON "clip_uploads" USING btree ("account_id","created_at");
--> statement-breakpoint
CREATE INDEX "clip_uploads_expiry" ON "clip_uploads" USING btree ("expires_at");
--> statement-breakpoint
CREATE INDEX "clips_approved_until" ON "clips" USING btree ("status","approved_until");--> statement-breakpoint
INSERT INTO "clip_files" ("clip_id", "cut", "profile", "sha256", "bytes", "duration_ms", "width", "height", "poster_sha256")
SELECT "clips"."id", "cuts"."cut", 'B', "clips"."sha256", "clips"."bytes", "clips"."duration_ms", "clips"."width", "clips"."height", "clips"."poster_sha256"
FROM "clips" CROSS JOIN (SELECT 'door' AS "cut" UNION ALL SELECT 'lift') AS "cuts"
WHERE "clips"."sha256" IS NOT NULL AND "clips"."bytes" IS NOT NULL AND "clips"."width" IS NOT NULL AND "clips"."height" IS NOT NULL;
