CREATE TABLE "releases" (
	"id" text PRIMARY KEY NOT NULL,
	"version" text NOT NULL,
	"model" text NOT NULL,
	"signed" json NOT NULL,
	"archive_sha256" text NOT NULL,
	"archive_bytes" bigint NOT NULL,
	"download" json NOT NULL,
	"notes" text NOT NULL,
	"withdrawn_at" bigint,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "release_assignments" (
	"terminal_id" text PRIMARY KEY NOT NULL,
	"release_id" text NOT NULL,
	"document_version" integer NOT NULL,
	"assigned_at" bigint NOT NULL
);

--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "protocol" integer;
--> statement-breakpoint
ALTER TABLE "terminal_documents" ADD COLUMN "outcome" text;
--> statement-breakpoint
ALTER TABLE "notice_deliveries" ADD COLUMN "kind" text DEFAULT 'plan' NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX "releases_version" ON "releases" USING btree ("model","version");
--> statement-breakpoint
CREATE INDEX "releases_archive" ON "releases" USING btree ("archive_sha256");
--> statement-breakpoint
CREATE INDEX "release_assignments_release" ON "release_assignments" USING btree ("release_id","terminal_id");