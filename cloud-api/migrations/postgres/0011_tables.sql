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
CREATE INDEX "clip_photos_sha256" ON "clip_photos" USING btree ("sha256");
--> statement-breakpoint
CREATE INDEX "clip_photos_created" ON "clip_photos" USING btree ("created_at");