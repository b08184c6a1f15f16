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
ALTER TABLE "journal_heads" ADD COLUMN "checkpoint" json;
--> statement-breakpoint
ALTER TABLE "journal_heads" ADD COLUMN "kept_seq" bigint;
--> statement-breakpoint
ALTER TABLE "journal_heads" ADD COLUMN "kept_at" bigint;