CREATE TABLE "door_alarms" (
	"terminal_id" text NOT NULL,
	"entrance_id" text NOT NULL,
	"kind" text NOT NULL,
	"epoch" integer NOT NULL,
	"seq" bigint NOT NULL,
	"active" boolean NOT NULL,
	"since" bigint NOT NULL,
	CONSTRAINT "door_alarms_terminal_id_entrance_id_kind_pk" PRIMARY KEY("terminal_id","entrance_id","kind")
);

--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "door" json;
--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "mode_override" json;
--> statement-breakpoint
ALTER TABLE "terminal_presence" ADD COLUMN "doors" json;