CREATE TABLE "terminal_offers" (
	"id" text PRIMARY KEY NOT NULL,
	"identity_key" text NOT NULL,
	"sealing_key" text NOT NULL,
	"model" text NOT NULL,
	"agent_version" text NOT NULL,
	"code_hash" text,
	"code_made_at" bigint NOT NULL,
	"address_tag" text,
	"asked_at" bigint NOT NULL,
	"shown" text,
	"community_id" text,
	"company_id" text,
	"seen_at" bigint
);

--> statement-breakpoint
CREATE TABLE "offer_tries" (
	"party" text NOT NULL,
	"from" bigint NOT NULL,
	"tries" integer NOT NULL,
	CONSTRAINT "offer_tries_party_from_pk" PRIMARY KEY("party","from")
);

--> statement-breakpoint
CREATE TABLE "former_terminal_keys" (
	"terminal_id" text NOT NULL,
	"epoch" integer NOT NULL,
	"identity_key" text NOT NULL,
	"ended_at" bigint NOT NULL,
	"why" text NOT NULL,
	CONSTRAINT "former_terminal_keys_terminal_id_epoch_identity_key_pk" PRIMARY KEY("terminal_id","epoch","identity_key")
);

--> statement-breakpoint
CREATE TABLE "terminal_sessions" (
	"terminal_id" text NOT NULL,
	"epoch" integer NOT NULL,
	"counter" bigint NOT NULL,
	"mark" text NOT NULL,
	"machine" text NOT NULL,
	"address" text,
	"at" bigint NOT NULL,
	CONSTRAINT "terminal_sessions_terminal_id_epoch_pk" PRIMARY KEY("terminal_id","epoch")
);

--> statement-breakpoint
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
CREATE TABLE "journal_checkpoints" (
	"terminal_id" text NOT NULL,
	"epoch" integer NOT NULL,
	"stream" text NOT NULL,
	"seq" bigint NOT NULL,
	"checkpoint" json NOT NULL,
	CONSTRAINT "journal_checkpoints_terminal_id_epoch_stream_seq_pk" PRIMARY KEY("terminal_id","epoch","stream","seq")
);

--> statement-breakpoint
CREATE TABLE "journal_disputes" (
	"terminal_id" text NOT NULL,
	"epoch" integer NOT NULL,
	"stream" text NOT NULL,
	"seq" bigint NOT NULL,
	"fault" text NOT NULL,
	"shown_seq" bigint NOT NULL,
	"shown_hash" text NOT NULL,
	"proof" json,
	"at" bigint NOT NULL,
	CONSTRAINT "journal_disputes_terminal_id_epoch_stream_seq_shown_hash_pk" PRIMARY KEY("terminal_id","epoch","stream","seq","shown_hash")
);

--> statement-breakpoint
CREATE TABLE "terminal_health" (
	"terminal_id" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"journal_rows" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "health_reports" (
	"terminal_id" text PRIMARY KEY NOT NULL,
	"report" json NOT NULL
);

--> statement-breakpoint
CREATE TABLE "terminal_issues" (
	"terminal_id" text NOT NULL,
	"issue" text NOT NULL,
	"since" bigint NOT NULL,
	CONSTRAINT "terminal_issues_terminal_id_issue_pk" PRIMARY KEY("terminal_id","issue")
);

--> statement-breakpoint
CREATE TABLE "health_trends" (
	"terminal_id" text NOT NULL,
	"grain" text NOT NULL,
	"from" bigint NOT NULL,
	"points" json NOT NULL,
	CONSTRAINT "health_trends_terminal_id_grain_from_pk" PRIMARY KEY("terminal_id","grain","from")
);

--> statement-breakpoint
CREATE TABLE "fleet_alarms" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"severity" text NOT NULL,
	"terminal_id" text,
	"community_id" text,
	"terminals" integer NOT NULL,
	"facts" json NOT NULL,
	"since" bigint NOT NULL,
	"raised_at" bigint,
	"clear_since" bigint,
	"ended_at" bigint,
	"returns" integer NOT NULL,
	"acked_at" bigint,
	"acked_by" text,
	"note" text,
	"told" boolean NOT NULL
);

--> statement-breakpoint
CREATE TABLE "alarm_silences" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text,
	"terminal_id" text,
	"community_id" text,
	"from" bigint NOT NULL,
	"until" bigint NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL
);

--> statement-breakpoint
CREATE TABLE "alarm_channels" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"url" text,
	"phones" json NOT NULL,
	"least_severity" text NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"last_at" bigint,
	"last_result" text,
	"last_detail" text,
	"hour_from" bigint NOT NULL,
	"sent_in_hour" integer NOT NULL,
	"held_back" integer NOT NULL
);

--> statement-breakpoint
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
CREATE TABLE "rollouts" (
	"id" text PRIMARY KEY NOT NULL,
	"company_id" text,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"subject_name" text NOT NULL,
	"settings" json,
	"criteria" json NOT NULL,
	"sizes" json NOT NULL,
	"state" text NOT NULL,
	"halt" json,
	"forgiven" integer NOT NULL,
	"stage" integer NOT NULL,
	"stage_started_at" bigint NOT NULL,
	"stage_done_at" bigint,
	"created_at" bigint NOT NULL,
	"ended_at" bigint
);

--> statement-breakpoint
CREATE TABLE "rollout_terminals" (
	"rollout_id" text NOT NULL,
	"terminal_id" text NOT NULL,
	"stage" integer NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"at" bigint NOT NULL,
	"version" integer,
	"due_from" bigint,
	"troubles" json,
	"before" json,
	CONSTRAINT "rollout_terminals_rollout_id_terminal_id_pk" PRIMARY KEY("rollout_id","terminal_id")
);

--> statement-breakpoint
CREATE TABLE "rollout_holds" (
	"terminal_id" text PRIMARY KEY NOT NULL,
	"rollout_id" text NOT NULL
);

--> statement-breakpoint
CREATE TABLE "terminal_tags" (
	"terminal_id" text NOT NULL,
	"tag" text NOT NULL,
	CONSTRAINT "terminal_tags_terminal_id_tag_pk" PRIMARY KEY("terminal_id","tag")
);

--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "model" text;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "keys_since" bigint;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "rotate_asked_at" bigint;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "cloned" json;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "protocol" integer;
--> statement-breakpoint
ALTER TABLE "terminal_documents" ADD COLUMN "outcome" text;
--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "options" json;
--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "actor_role" text;
--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "queued_at" bigint;
--> statement-breakpoint
ALTER TABLE "journal_heads" ADD COLUMN "checkpoint" json;
--> statement-breakpoint
ALTER TABLE "journal_heads" ADD COLUMN "kept_seq" bigint;
--> statement-breakpoint
ALTER TABLE "journal_heads" ADD COLUMN "kept_at" bigint;
--> statement-breakpoint
ALTER TABLE "notice_deliveries" ADD COLUMN "kind" text DEFAULT 'plan' NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX "terminal_offers_identity" ON "terminal_offers" USING btree ("identity_key");
--> statement-breakpoint
CREATE UNIQUE INDEX "terminal_offers_code" ON "terminal_offers" USING btree ("code_hash");
--> statement-breakpoint
CREATE INDEX "terminal_offers_asked" ON "terminal_offers" USING btree ("asked_at");
--> statement-breakpoint
CREATE INDEX "terminal_offers_address" ON "terminal_offers" USING btree ("address_tag");
--> statement-breakpoint
CREATE INDEX "former_terminal_keys_identity" ON "former_terminal_keys" USING btree ("identity_key");
--> statement-breakpoint
CREATE INDEX "command_files_terminal" ON "command_files" USING btree ("terminal_id","kind","at");
--> statement-breakpoint
CREATE INDEX "command_files_end" ON "command_files" USING btree ("kept_until");
--> statement-breakpoint
CREATE INDEX "terminal_health_backlog" ON "terminal_health" USING btree ("journal_rows") WHERE "terminal_health"."journal_rows" > 0;
--> statement-breakpoint
CREATE INDEX "terminal_issues_issue" ON "terminal_issues" USING btree ("issue","terminal_id");
--> statement-breakpoint
CREATE INDEX "health_trends_age" ON "health_trends" USING btree ("grain","from");
--> statement-breakpoint
CREATE UNIQUE INDEX "fleet_alarms_open" ON "fleet_alarms" USING btree ("key") WHERE "fleet_alarms"."ended_at" is null;
--> statement-breakpoint
CREATE INDEX "fleet_alarms_raised" ON "fleet_alarms" USING btree ("raised_at","id");
--> statement-breakpoint
CREATE INDEX "fleet_alarms_key" ON "fleet_alarms" USING btree ("key","ended_at");
--> statement-breakpoint
CREATE INDEX "fleet_alarms_terminal" ON "fleet_alarms" USING btree ("terminal_id","raised_at");
--> statement-breakpoint
CREATE INDEX "alarm_silences_until" ON "alarm_silences" USING btree ("until");
--> statement-breakpoint
CREATE UNIQUE INDEX "releases_version" ON "releases" USING btree ("model","version");
--> statement-breakpoint
CREATE INDEX "releases_archive" ON "releases" USING btree ("archive_sha256");
--> statement-breakpoint
CREATE INDEX "release_assignments_release" ON "release_assignments" USING btree ("release_id","terminal_id");
--> statement-breakpoint
CREATE INDEX "rollouts_company" ON "rollouts" USING btree ("company_id","created_at");
--> statement-breakpoint
CREATE INDEX "rollouts_state" ON "rollouts" USING btree ("state");
--> statement-breakpoint
CREATE INDEX "rollout_terminals_state" ON "rollout_terminals" USING btree ("rollout_id","state","stage");
--> statement-breakpoint
CREATE INDEX "rollout_holds_rollout" ON "rollout_holds" USING btree ("rollout_id");
--> statement-breakpoint
CREATE INDEX "terminal_tags_tag" ON "terminal_tags" USING btree ("tag");
--> statement-breakpoint
CREATE INDEX "terminals_identity" ON "terminals" USING btree ("identity_key");
--> statement-breakpoint
CREATE INDEX "terminal_presence_online" ON "terminal_presence" USING btree ("online","last_seen_at");
--> statement-breakpoint
CREATE INDEX "commands_list" ON "commands" USING btree ("terminal_id","queued_at","id");