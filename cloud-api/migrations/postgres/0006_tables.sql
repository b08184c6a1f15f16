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
ALTER TABLE "communities" ADD COLUMN "office_phone" text;
--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "volume_cap_percent" integer DEFAULT 100 NOT NULL;
--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "complaint_hours" integer DEFAULT 24 NOT NULL;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "muted_until" bigint;
--> statement-breakpoint
ALTER TABLE "terminal_presence" ADD COLUMN "screen" json;
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