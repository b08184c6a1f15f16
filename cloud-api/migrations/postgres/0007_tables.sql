CREATE TABLE "address_tries" (
	"address_tag" text NOT NULL,
	"kind" text NOT NULL,
	"from" bigint NOT NULL,
	"tries" integer NOT NULL,
	CONSTRAINT "address_tries_address_tag_kind_from_pk" PRIMARY KEY("address_tag","kind","from")
);

--> statement-breakpoint
DROP INDEX "alarms_terminal";
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "company_id" text;
--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "company_id" text;
--> statement-breakpoint
CREATE INDEX "address_tries_from" ON "address_tries" USING btree ("from");
--> statement-breakpoint
CREATE INDEX "alarms_terminal" ON "alarms" USING btree ("terminal_id","kind","epoch","seq");