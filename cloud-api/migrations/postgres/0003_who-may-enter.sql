CREATE TABLE "address_tries" (
	"address_tag" text NOT NULL,
	"kind" text NOT NULL,
	"from" bigint NOT NULL,
	"tries" integer NOT NULL,
	CONSTRAINT "address_tries_address_tag_kind_from_pk" PRIMARY KEY("address_tag","kind","from")
);

--> statement-breakpoint
CREATE TABLE "totps" (
	"account_id" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"confirmed_at" bigint,
	"used_step" bigint DEFAULT 0 NOT NULL
);

--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"code_hash" text NOT NULL,
	"account_id" text NOT NULL,
	"used_at" bigint,
	CONSTRAINT "recovery_codes_account_id_code_hash_pk" PRIMARY KEY("account_id","code_hash")
);

--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"role" text NOT NULL,
	"scope_id" text,
	"store_id" text,
	"company_id" text,
	"community_ids" json,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"invited_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"key_hash" text NOT NULL,
	"account_id" text NOT NULL,
	"name" text NOT NULL,
	"scopes" json NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint,
	"last_used_at" bigint
);

--> statement-breakpoint
CREATE TABLE "suppliers" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "resident_imports" (
	"id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"filename" text NOT NULL,
	"state" text NOT NULL,
	"rows" integer NOT NULL,
	"new_rows" integer NOT NULL,
	"changed_rows" integer NOT NULL,
	"unchanged_rows" integer NOT NULL,
	"errors" json NOT NULL,
	"error_count" integer NOT NULL,
	"done" integer NOT NULL,
	"of" integer NOT NULL,
	"account_id" text NOT NULL,
	"at" bigint NOT NULL,
	"applied_at" bigint
);

--> statement-breakpoint
CREATE TABLE "resident_import_rows" (
	"import_id" text NOT NULL,
	"row" integer NOT NULL,
	"change" text NOT NULL,
	"step" text NOT NULL,
	"name" text NOT NULL,
	"phone_masked" text NOT NULL,
	"phone_tag" text,
	"building" text NOT NULL,
	"unit" text NOT NULL,
	"relation" text,
	"lease_ends_on" text,
	"resident_id" text,
	"before" json,
	"revision" integer,
	"made_unit_id" text,
	CONSTRAINT "resident_import_rows_import_id_row_pk" PRIMARY KEY("import_id","row")
);

--> statement-breakpoint
CREATE TABLE "holidays" (
	"community_id" text NOT NULL,
	"date" text NOT NULL,
	CONSTRAINT "holidays_community_id_date_pk" PRIMARY KEY("community_id","date")
);

--> statement-breakpoint
CREATE TABLE "consents" (
	"no" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "consents_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"resident_id" text NOT NULL,
	"purpose" text NOT NULL,
	"granted" boolean NOT NULL,
	"text_version" integer NOT NULL,
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "record_views" (
	"no" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "record_views_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"resident_id" text NOT NULL,
	"what" text NOT NULL,
	"account_id" text NOT NULL,
	"hour" bigint NOT NULL,
	"at" bigint NOT NULL,
	"role" text NOT NULL,
	"company_id" text
);

--> statement-breakpoint
CREATE TABLE "settings_templates" (
	"id" text PRIMARY KEY NOT NULL,
	"company_id" text,
	"name" text NOT NULL,
	"settings" json NOT NULL,
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "commissioning_runs" (
	"no" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "commissioning_runs_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"terminal_id" text NOT NULL,
	"started_at" bigint NOT NULL,
	"started_by" text NOT NULL,
	"signed_at" bigint,
	"signed_by" text,
	"signed_by_account" text,
	"items" json,
	"stale_since" bigint
);

--> statement-breakpoint
CREATE TABLE "commissioning_items" (
	"run" integer NOT NULL,
	"item" text NOT NULL,
	"seen_at" bigint,
	"said" text,
	"said_at" bigint,
	"said_by" text,
	"note" text,
	CONSTRAINT "commissioning_items_run_item_pk" PRIMARY KEY("run","item")
);

--> statement-breakpoint
CREATE TABLE "access_changes" (
	"no" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "access_changes_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"community_id" text NOT NULL,
	"credential_ids" json NOT NULL,
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "community_lists" (
	"community_id" text PRIMARY KEY NOT NULL,
	"build" integer NOT NULL,
	"granted" integer NOT NULL,
	"schedule_ids" json NOT NULL,
	"epoch" integer NOT NULL,
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "listed_credentials" (
	"credential_id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"state" text NOT NULL,
	"text" text,
	"entrance_ids" json,
	"code_no" bigint,
	"until" bigint,
	"build" integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE "terminal_lists" (
	"terminal_id" text PRIMARY KEY NOT NULL,
	"sealing_key" text NOT NULL,
	"generation" integer NOT NULL,
	"first_version" integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE "entrance_numbers" (
	"entrance_id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"no" integer NOT NULL
);

--> statement-breakpoint
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
CREATE TABLE "access_retention" (
	"community_id" text PRIMARY KEY NOT NULL,
	"up_to" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "alarms" (
	"id" text PRIMARY KEY NOT NULL,
	"terminal_id" text NOT NULL,
	"epoch" integer NOT NULL,
	"seq" bigint NOT NULL,
	"community_id" text NOT NULL,
	"entrance_id" text NOT NULL,
	"kind" text NOT NULL,
	"at" bigint NOT NULL,
	"ended_at" bigint,
	"open" boolean NOT NULL,
	"credential_id" text,
	"acked_at" bigint,
	"acked_by" text,
	"note" text
);

--> statement-breakpoint
CREATE TABLE "notices" (
	"id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"level" text NOT NULL,
	"title" text NOT NULL,
	"text" text NOT NULL,
	"entrance_ids" json,
	"from" bigint NOT NULL,
	"to" bigint NOT NULL,
	"ended_at" bigint,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "notice_deliveries" (
	"terminal_id" text NOT NULL,
	"notice_id" text NOT NULL,
	"version" integer NOT NULL,
	"end_version" integer,
	CONSTRAINT "notice_deliveries_terminal_id_notice_id_pk" PRIMARY KEY("terminal_id","notice_id")
);

--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "company_id" text;
--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "merchant_id" text;
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "community_id" text;
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "store_id" text;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "store_id" text;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "company_id" text;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "community_ids" json;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "state" text DEFAULT 'active' NOT NULL;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "last_seen_at" bigint;
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_seen_at" bigint;
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "device" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "log_days" integer DEFAULT 90 NOT NULL;
--> statement-breakpoint
ALTER TABLE "units" ADD COLUMN "floor" integer;
--> statement-breakpoint
ALTER TABLE "units" ADD COLUMN "place" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "has_duress_pin" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "relation" text DEFAULT 'owner' NOT NULL;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "lease_ends_on" text;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "state" text DEFAULT 'active' NOT NULL;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "moved_in_on" text;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "moved_out_at" bigint;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "is_child" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "guardian_id" text;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "open_ms" integer;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "place" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "residents" ADD COLUMN "search_text" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "terminal_documents" ADD COLUMN "withheld" boolean;
--> statement-breakpoint
ALTER TABLE "document_versions" ADD COLUMN "basis" integer;
--> statement-breakpoint
ALTER TABLE "document_versions" ADD COLUMN "bytes" integer;
--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "resident_id" text;
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
ALTER TABLE "credentials" ADD COLUMN "first_used_at" bigint;
--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "last_used_at" bigint;
--> statement-breakpoint
ALTER TABLE "access_deliveries" ADD COLUMN "confirmed_at" bigint;
--> statement-breakpoint
ALTER TABLE "access_events" ADD COLUMN "resident_id" text;
--> statement-breakpoint
CREATE INDEX "address_tries_from" ON "address_tries" USING btree ("from");
--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token" ON "invitations" USING btree ("token_hash");
--> statement-breakpoint
CREATE INDEX "invitations_scope" ON "invitations" USING btree ("scope_id","id");
--> statement-breakpoint
CREATE INDEX "invitations_expiry" ON "invitations" USING btree ("expires_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_key" ON "api_keys" USING btree ("key_hash");
--> statement-breakpoint
CREATE INDEX "api_keys_account" ON "api_keys" USING btree ("account_id","id");
--> statement-breakpoint
CREATE INDEX "resident_imports_community" ON "resident_imports" USING btree ("community_id","at");
--> statement-breakpoint
CREATE INDEX "resident_imports_at" ON "resident_imports" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "resident_import_rows_step" ON "resident_import_rows" USING btree ("import_id","step","row");
--> statement-breakpoint
CREATE INDEX "resident_import_rows_resident" ON "resident_import_rows" USING btree ("resident_id");
--> statement-breakpoint
CREATE INDEX "resident_import_rows_phone" ON "resident_import_rows" USING btree ("phone_tag");
--> statement-breakpoint
CREATE INDEX "consents_resident" ON "consents" USING btree ("resident_id","purpose","no");
--> statement-breakpoint
CREATE UNIQUE INDEX "record_views_once" ON "record_views" USING btree ("resident_id","what","account_id","hour");
--> statement-breakpoint
CREATE INDEX "record_views_resident" ON "record_views" USING btree ("resident_id","no");
--> statement-breakpoint
CREATE INDEX "record_views_at" ON "record_views" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "settings_templates_company" ON "settings_templates" USING btree ("company_id","created_at");
--> statement-breakpoint
CREATE INDEX "commissioning_runs_terminal" ON "commissioning_runs" USING btree ("terminal_id","no");
--> statement-breakpoint
CREATE INDEX "access_changes_community" ON "access_changes" USING btree ("community_id","no");
--> statement-breakpoint
CREATE INDEX "listed_credentials_community" ON "listed_credentials" USING btree ("community_id","state","credential_id");
--> statement-breakpoint
CREATE INDEX "listed_credentials_build" ON "listed_credentials" USING btree ("community_id","build");
--> statement-breakpoint
CREATE INDEX "listed_credentials_until" ON "listed_credentials" USING btree ("community_id","until");
--> statement-breakpoint
CREATE UNIQUE INDEX "entrance_numbers_no" ON "entrance_numbers" USING btree ("community_id","no");
--> statement-breakpoint
CREATE INDEX "access_schedules_community" ON "access_schedules" USING btree ("community_id","id");
--> statement-breakpoint
CREATE INDEX "alarms_community" ON "alarms" USING btree ("community_id","open","at");
--> statement-breakpoint
CREATE INDEX "alarms_kind" ON "alarms" USING btree ("community_id","kind","at");
--> statement-breakpoint
CREATE INDEX "alarms_terminal" ON "alarms" USING btree ("terminal_id","kind","epoch","seq");
--> statement-breakpoint
CREATE INDEX "notices_community" ON "notices" USING btree ("community_id","created_at");
--> statement-breakpoint
CREATE INDEX "notices_running" ON "notices" USING btree ("community_id","to");
--> statement-breakpoint
CREATE INDEX "notice_deliveries_notice" ON "notice_deliveries" USING btree ("notice_id");
--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at","id");
--> statement-breakpoint
CREATE INDEX "audit_company" ON "audit" USING btree ("company_id","at","id");
--> statement-breakpoint
CREATE INDEX "audit_merchant" ON "audit" USING btree ("merchant_id","at","id");
--> statement-breakpoint
CREATE INDEX "audit_actor" ON "audit" USING btree ("actor","at","id");
--> statement-breakpoint
CREATE INDEX "accounts_scope" ON "accounts" USING btree ("scope_id","id");
--> statement-breakpoint
CREATE INDEX "sessions_account" ON "sessions" USING btree ("account_id");
--> statement-breakpoint
CREATE INDEX "units_order" ON "units" USING btree ("community_id","place","id");
--> statement-breakpoint
CREATE INDEX "residents_place" ON "residents" USING btree ("community_id","place","id","state","relation","unit_id","search_text");
--> statement-breakpoint
CREATE INDEX "residents_unit" ON "residents" USING btree ("unit_id","state","community_id");
--> statement-breakpoint
CREATE INDEX "residents_guardian" ON "residents" USING btree ("guardian_id");
--> statement-breakpoint
CREATE INDEX "residents_lease" ON "residents" USING btree ("lease_ends_on") WHERE "residents"."lease_ends_on" is not null;
--> statement-breakpoint
CREATE INDEX "commands_resident" ON "commands" USING btree ("resident_id","expires_at");
--> statement-breakpoint
CREATE INDEX "credentials_label" ON "credentials" USING btree ("community_id","label","id") WHERE "credentials"."resident_id" is null;
--> statement-breakpoint
CREATE INDEX "credentials_pass" ON "credentials" USING btree ("pass_id");
--> statement-breakpoint
CREATE INDEX "credentials_host" ON "credentials" USING btree ("host_id");
--> statement-breakpoint
CREATE INDEX "credentials_schedule" ON "credentials" USING btree ("schedule_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_code" ON "credentials" USING btree ("community_id","generation","code_no");
--> statement-breakpoint
CREATE INDEX "access_deliveries_terminal" ON "access_deliveries" USING btree ("terminal_id","version");
--> statement-breakpoint
CREATE INDEX "access_deliveries_confirmed" ON "access_deliveries" USING btree ("confirmed_at") WHERE "access_deliveries"."confirmed_at" is not null;
--> statement-breakpoint
CREATE INDEX "access_events_kind" ON "access_events" USING btree ("terminal_id","kind","at") WHERE "access_events"."kind" <> 'opened';
--> statement-breakpoint
CREATE INDEX "access_events_via" ON "access_events" USING btree ("terminal_id","via","at");
--> statement-breakpoint
CREATE INDEX "access_events_person" ON "access_events" USING btree ("terminal_id","person","at") WHERE "access_events"."person" <> 'resident';
--> statement-breakpoint
CREATE INDEX "access_events_kind_via" ON "access_events" USING btree ("terminal_id","kind","via","at") WHERE "access_events"."kind" <> 'opened';
--> statement-breakpoint
CREATE INDEX "access_events_person_via" ON "access_events" USING btree ("terminal_id","person","via","at") WHERE "access_events"."person" <> 'resident';
--> statement-breakpoint
CREATE INDEX "access_events_resident" ON "access_events" USING btree ("resident_id","at") WHERE "access_events"."resident_id" is not null;
--> statement-breakpoint
CREATE INDEX "access_events_pass" ON "access_events" USING btree ("credential_id","at") WHERE "access_events"."credential_id" is not null and "access_events"."resident_id" is null;