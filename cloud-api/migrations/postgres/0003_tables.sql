CREATE TABLE "access_schedules" (
	"id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"name" text NOT NULL,
	"windows" json NOT NULL,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "pass_generations" (
	"community_id" text PRIMARY KEY NOT NULL,
	"generation" integer NOT NULL,
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "learned_cards" (
	"command" text PRIMARY KEY NOT NULL,
	"terminal_id" text NOT NULL,
	"epoch" integer NOT NULL,
	"tag" text NOT NULL,
	"format" text NOT NULL,
	"last4" text NOT NULL,
	"at" bigint NOT NULL
);

--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "key_odd" boolean;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "duress" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "open_ms" integer;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "schedule_id" text;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "first_use_by" bigint;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "lasts_ms" bigint;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "card_format" text;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "card_last4" text;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "pass_id" text;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "host_id" text;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "code_no" bigint;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "generation" integer;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "used_count" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "last_used_at" bigint;
--> statement-breakpoint
CREATE INDEX "access_schedules_community" ON "access_schedules" USING btree ("community_id","id");
--> statement-breakpoint
CREATE INDEX "credentials_pass" ON "credentials" USING btree ("pass_id");
--> statement-breakpoint
CREATE INDEX "credentials_host" ON "credentials" USING btree ("host_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_code" ON "credentials" USING btree ("community_id","generation","code_no");