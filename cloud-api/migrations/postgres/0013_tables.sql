CREATE INDEX "access_events_kind_via" ON "access_events" USING btree ("terminal_id","kind","via","at") WHERE "access_events"."kind" <> 'opened';
--> statement-breakpoint
CREATE INDEX "access_events_person_via" ON "access_events" USING btree ("terminal_id","person","via","at") WHERE "access_events"."person" <> 'resident';