CREATE TABLE "payment_troubles" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject_no" text NOT NULL,
	"payment_id" text,
	"amount_fen" bigint NOT NULL,
	"expected_fen" bigint,
	"merchant_no" text,
	"reason" text,
	"at" bigint NOT NULL,
	"ended_at" bigint,
	"ended_by" text,
	"ending" text,
	"note" text
);

--> statement-breakpoint
ALTER TABLE "receipts" ADD COLUMN "held_by" text;
--> statement-breakpoint
ALTER TABLE "receipts" ADD COLUMN "refund_wanted_at" bigint;
--> statement-breakpoint
CREATE UNIQUE INDEX "payment_troubles_subject" ON "payment_troubles" USING btree ("kind","subject_no");
--> statement-breakpoint
CREATE INDEX "payment_troubles_open" ON "payment_troubles" USING btree ("ended_at","at");
--> statement-breakpoint
CREATE INDEX "payment_troubles_at" ON "payment_troubles" USING btree ("at","id");
--> statement-breakpoint
CREATE INDEX "receipts_refund" ON "receipts" USING btree ("refund","refund_no");