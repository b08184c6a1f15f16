CREATE TABLE "keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"owner" text NOT NULL,
	"algorithm" text NOT NULL,
	"public_key" text,
	"sealed" text NOT NULL,
	"from" bigint NOT NULL,
	"until" bigint,
	"signed_by" text,
	"signature" text
);

--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" bigint NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"facts" json NOT NULL
);

--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" bigint NOT NULL,
	"type" text NOT NULL,
	"subject" text NOT NULL,
	"facts" json NOT NULL,
	"company_id" text,
	"merchant_id" text,
	"resident_id" text
);

--> statement-breakpoint
CREATE TABLE "idempotency" (
	"actor" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"result" json NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "idempotency_actor_key_pk" PRIMARY KEY("actor","key")
);

--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"payload" json NOT NULL,
	"state" text NOT NULL,
	"run_at" bigint NOT NULL,
	"leased_until" bigint NOT NULL,
	"attempts" integer NOT NULL,
	"error" text
);

--> statement-breakpoint
CREATE INDEX "keys_owner" ON "keys" USING btree ("purpose","owner");
--> statement-breakpoint
CREATE INDEX "audit_subject" ON "audit" USING btree ("subject","id");
--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "idempotency_at" ON "idempotency" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("state","kind","run_at");