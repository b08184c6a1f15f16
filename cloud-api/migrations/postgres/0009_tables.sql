CREATE TABLE "ad_pseudonyms" (
	"resident_id" text PRIMARY KEY NOT NULL,
	"pseudonym" text NOT NULL
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
CREATE INDEX "exposure_reports_place" ON "exposure_reports" USING btree ("community_id","at");