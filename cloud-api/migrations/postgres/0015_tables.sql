DROP INDEX "residents_unit";
--> statement-breakpoint
CREATE INDEX "residents_unit" ON "residents" USING btree ("unit_id","state","community_id");