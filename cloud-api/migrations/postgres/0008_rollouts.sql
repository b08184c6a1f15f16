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
CREATE INDEX "rollouts_company" ON "rollouts" USING btree ("company_id","created_at");
--> statement-breakpoint
CREATE INDEX "rollouts_state" ON "rollouts" USING btree ("state");
--> statement-breakpoint
CREATE INDEX "rollout_terminals_state" ON "rollout_terminals" USING btree ("rollout_id","state","stage");
--> statement-breakpoint
CREATE INDEX "rollout_holds_rollout" ON "rollout_holds" USING btree ("rollout_id");
--> statement-breakpoint
CREATE INDEX "terminal_tags_tag" ON "terminal_tags" USING btree ("tag");