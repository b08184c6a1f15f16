DROP INDEX "audit_company";
--> statement-breakpoint
DROP INDEX "audit_merchant";
--> statement-breakpoint
DROP INDEX "audit_actor";
--> statement-breakpoint
DROP INDEX "record_views_resident";
--> statement-breakpoint
ALTER TABLE "record_views" DROP CONSTRAINT "record_views_resident_id_what_account_id_hour_pk";
--> statement-breakpoint
ALTER TABLE "record_views" ADD COLUMN "no" bigint PRIMARY KEY NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "record_views_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);
--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "record_views_once" ON "record_views" USING btree ("resident_id","what","account_id","hour");
--> statement-breakpoint
CREATE INDEX "audit_company" ON "audit" USING btree ("company_id","at","id");
--> statement-breakpoint
CREATE INDEX "audit_merchant" ON "audit" USING btree ("merchant_id","at","id");
--> statement-breakpoint
CREATE INDEX "audit_actor" ON "audit" USING btree ("actor","at","id");
--> statement-breakpoint
CREATE INDEX "record_views_resident" ON "record_views" USING btree ("resident_id","no");