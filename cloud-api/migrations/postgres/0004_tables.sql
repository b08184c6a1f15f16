ALTER TABLE "audit" ADD COLUMN "company_id" text;
--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "merchant_id" text;
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "community_id" text;
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "store_id" text;
--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "resident_id" text;
--> statement-breakpoint
ALTER TABLE "access_events" ADD COLUMN "resident_id" text;
--> statement-breakpoint
CREATE INDEX "audit_company" ON "audit" USING btree ("company_id","id");
--> statement-breakpoint
CREATE INDEX "audit_merchant" ON "audit" USING btree ("merchant_id","id");
--> statement-breakpoint
CREATE INDEX "audit_actor" ON "audit" USING btree ("actor","id");
--> statement-breakpoint
CREATE INDEX "commands_resident" ON "commands" USING btree ("resident_id","expires_at");
--> statement-breakpoint
CREATE INDEX "access_events_resident" ON "access_events" USING btree ("resident_id","at");