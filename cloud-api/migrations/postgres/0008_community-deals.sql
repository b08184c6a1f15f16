ALTER TABLE "deals" ADD COLUMN "kind" text DEFAULT 'goods' NOT NULL;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "mode" text DEFAULT 'group' NOT NULL;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "guaranteed" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "min_units" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "min_people" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "tiers" json;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "pack_units" integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "outcome" text;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "final_price_fen" bigint;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "decided_at" bigint;
--> statement-breakpoint
ALTER TABLE "deals" ADD COLUMN "settled_at" bigint;
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "extra_units" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "got_units" integer;
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "back_fen" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
CREATE INDEX "deals_due" ON "deals" USING btree ("mode","settled_at","closes_at");