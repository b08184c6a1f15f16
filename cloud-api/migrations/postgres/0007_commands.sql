CREATE TABLE "command_files" (
	"command_id" text PRIMARY KEY NOT NULL,
	"terminal_id" text NOT NULL,
	"kind" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"size" integer NOT NULL,
	"at" bigint NOT NULL,
	"kept_until" bigint NOT NULL
);

--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "options" json;
--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "actor_role" text;
--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "queued_at" bigint;
--> statement-breakpoint
CREATE INDEX "command_files_terminal" ON "command_files" USING btree ("terminal_id","kind","at");
--> statement-breakpoint
CREATE INDEX "command_files_end" ON "command_files" USING btree ("kept_until");
--> statement-breakpoint
CREATE INDEX "commands_list" ON "commands" USING btree ("terminal_id","queued_at","id");