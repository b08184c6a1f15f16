ALTER TABLE "credentials" ADD COLUMN "first_used_at" bigint;
--> statement-breakpoint
CREATE INDEX "credentials_schedule" ON "credentials" USING btree ("schedule_id");