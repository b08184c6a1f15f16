CREATE INDEX "orders_created" ON "orders" USING btree ("created_at","id");
--> statement-breakpoint
CREATE INDEX "payments_status" ON "payments" USING btree ("status","created_at");