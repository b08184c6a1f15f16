CREATE TABLE "stop_orders" (
	"no" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "stop_orders_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"clips" json NOT NULL,
	"approved_to" bigint NOT NULL,
	"community_ids" json,
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "journal_begins" (
	"terminal_id" text NOT NULL,
	"epoch" integer NOT NULL,
	"stream" text NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"at" bigint NOT NULL,
	"kid" text NOT NULL,
	"signature" text NOT NULL,
	CONSTRAINT "journal_begins_terminal_id_epoch_stream_pk" PRIMARY KEY("terminal_id","epoch","stream")
);

--> statement-breakpoint
CREATE TABLE "notice_names" (
	"resident_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);

--> statement-breakpoint
CREATE TABLE "owner_decisions" (
	"id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"title" text NOT NULL,
	"decided_on" text NOT NULL,
	"file_sha256" text NOT NULL,
	"file_type" text NOT NULL,
	"file_deleted_at" bigint,
	"placements" json NOT NULL,
	"hours" json NOT NULL,
	"excluded" json NOT NULL,
	"owners_share_ppm" integer NOT NULL,
	"management_ppm" integer NOT NULL,
	"valid_to" bigint NOT NULL,
	"status" text NOT NULL,
	"recorded_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	"decided_by" text,
	"decided_at" bigint,
	"in_force_from" bigint,
	"ended_at" bigint,
	"note" text
);

--> statement-breakpoint
CREATE TABLE "rate_lines" (
	"id" text PRIMARY KEY NOT NULL,
	"community_id" text,
	"placement" text,
	"segment" text,
	"product" text,
	"weekdays" json,
	"from_minute" integer,
	"to_minute" integer,
	"touch_price_fen" bigint NOT NULL,
	"valid_from" bigint NOT NULL,
	"valid_to" bigint,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "blackouts" (
	"id" text PRIMARY KEY NOT NULL,
	"community_id" text,
	"first_day" text NOT NULL,
	"last_day" text NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	"lifted_at" bigint,
	"lifted_by" text
);

--> statement-breakpoint
CREATE TABLE "inventory_state" (
	"id" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "booking_places" (
	"booking_id" text NOT NULL,
	"community_id" text NOT NULL,
	CONSTRAINT "booking_places_booking_id_community_id_pk" PRIMARY KEY("booking_id","community_id")
);

--> statement-breakpoint
CREATE TABLE "booking_cells" (
	"booking_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"merchant_id" text NOT NULL,
	"community_id" text NOT NULL,
	"at" bigint NOT NULL,
	"placement" text NOT NULL,
	"planned_milli" bigint NOT NULL,
	"share_ppm" integer,
	"kept_ppm" integer,
	"delivered_milli" bigint,
	CONSTRAINT "booking_cells_booking_id_community_id_at_placement_pk" PRIMARY KEY("booking_id","community_id","at","placement")
);

--> statement-breakpoint
CREATE TABLE "audience_models" (
	"entrance_id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"placement" text NOT NULL,
	"in_service" boolean NOT NULL,
	"state" "bytea",
	"level_ppm" integer NOT NULL,
	"known_days" integer NOT NULL,
	"updated_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "audience_forecasts" (
	"community_id" text NOT NULL,
	"entrance_id" text NOT NULL,
	"at" bigint NOT NULL,
	"cells" "bytea" NOT NULL,
	"made_at" bigint NOT NULL,
	CONSTRAINT "audience_forecasts_community_id_entrance_id_at_pk" PRIMARY KEY("community_id","entrance_id","at")
);

--> statement-breakpoint
CREATE TABLE "audience_due" (
	"community_id" text NOT NULL,
	"day" text NOT NULL,
	"due_at" bigint NOT NULL,
	CONSTRAINT "audience_due_community_id_day_pk" PRIMARY KEY("community_id","day")
);

--> statement-breakpoint
CREATE TABLE "audience_scores" (
	"community_id" text NOT NULL,
	"day" text NOT NULL,
	"day_kind" integer NOT NULL,
	"actual_milli" bigint NOT NULL,
	"expected_milli" bigint NOT NULL,
	"error_milli" bigint NOT NULL,
	"cells" integer NOT NULL,
	"within" integer NOT NULL,
	CONSTRAINT "audience_scores_community_id_day_pk" PRIMARY KEY("community_id","day")
);

--> statement-breakpoint
CREATE TABLE "audience_declarations" (
	"resident_id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"segment" text NOT NULL,
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "holiday_notices" (
	"year" integer NOT NULL,
	"version" integer NOT NULL,
	"holidays" json NOT NULL,
	"worked_weekends" json NOT NULL,
	"source" text NOT NULL,
	"entered_by" text NOT NULL,
	"entered_at" bigint NOT NULL,
	CONSTRAINT "holiday_notices_year_version_pk" PRIMARY KEY("year","version")
);

--> statement-breakpoint
CREATE TABLE "exposure_days" (
	"campaign_id" text NOT NULL,
	"day" text NOT NULL,
	"community_id" text NOT NULL,
	"half_hours" integer NOT NULL,
	"silent_half_hours" integer NOT NULL,
	"rendered" integer NOT NULL,
	"viewable" integer NOT NULL,
	"completed" integer NOT NULL,
	"verified_milli_touches" bigint NOT NULL,
	"people" integer NOT NULL,
	"panel_on" integer NOT NULL,
	"ambient" integer NOT NULL,
	"filtered" integer NOT NULL,
	CONSTRAINT "exposure_days_campaign_id_day_community_id_pk" PRIMARY KEY("campaign_id","day","community_id")
);

--> statement-breakpoint
CREATE TABLE "exposure_day_placements" (
	"campaign_id" text NOT NULL,
	"day" text NOT NULL,
	"community_id" text NOT NULL,
	"placement" text NOT NULL,
	"rendered" integer NOT NULL,
	"viewable" integer NOT NULL,
	"completed" integer NOT NULL,
	"touches" integer NOT NULL,
	"whole_touches" integer NOT NULL,
	"verified_milli_touches" bigint NOT NULL,
	CONSTRAINT "exposure_day_placements_campaign_id_day_community_id_placement_pk" PRIMARY KEY("campaign_id","day","community_id","placement")
);

--> statement-breakpoint
CREATE TABLE "delivery_state" (
	"id" text PRIMARY KEY NOT NULL,
	"wanted" bigint NOT NULL,
	"planned" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "delivery_unpublished" (
	"community_id" text PRIMARY KEY NOT NULL
);

--> statement-breakpoint
CREATE TABLE "replans" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "replans_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"started_at" bigint NOT NULL,
	"ms" integer NOT NULL,
	"line_items" integer NOT NULL,
	"planned_ppm" integer NOT NULL,
	"spread_ppm" integer NOT NULL,
	"cells_changed" integer NOT NULL,
	"communities_changed" integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE "delivery_outlooks" (
	"booking_id" text PRIMARY KEY NOT NULL,
	"merchant_id" text NOT NULL,
	"made_at" bigint NOT NULL,
	"expected_milli" bigint NOT NULL,
	"low_milli" bigint NOT NULL,
	"high_milli" bigint NOT NULL,
	"behind_since" bigint
);

--> statement-breakpoint
CREATE TABLE "make_goods" (
	"booking_id" text NOT NULL,
	"no" integer NOT NULL,
	"made_at" bigint NOT NULL,
	"reason" text NOT NULL,
	"missing_milli" bigint NOT NULL,
	"from_at" bigint NOT NULL,
	"to_at" bigint NOT NULL,
	CONSTRAINT "make_goods_booking_id_no_pk" PRIMARY KEY("booking_id","no")
);

--> statement-breakpoint
CREATE TABLE "sell_through" (
	"week" text NOT NULL,
	"place" text NOT NULL,
	"community_id" text NOT NULL,
	"expected_milli" bigint NOT NULL,
	"open_milli" bigint NOT NULL,
	"sold_milli" bigint NOT NULL,
	"income_milli_fen" bigint NOT NULL,
	"sold_ppm" integer NOT NULL,
	"yield_milli_fen" integer NOT NULL,
	"made_at" bigint NOT NULL,
	CONSTRAINT "sell_through_week_place_community_id_pk" PRIMARY KEY("week","place","community_id")
);

--> statement-breakpoint
CREATE TABLE "sell_through_weeks" (
	"week" text NOT NULL,
	"place" text NOT NULL,
	"cells" "bytea" NOT NULL,
	"communities" integer NOT NULL,
	"unsold" integer NOT NULL,
	"made_at" bigint NOT NULL,
	CONSTRAINT "sell_through_weeks_week_place_pk" PRIMARY KEY("week","place")
);

--> statement-breakpoint
CREATE TABLE "unbilled_reports" (
	"campaign_id" text NOT NULL,
	"community_id" text NOT NULL,
	"at" bigint NOT NULL,
	"made_at" bigint NOT NULL,
	CONSTRAINT "unbilled_reports_campaign_id_community_id_at_pk" PRIMARY KEY("campaign_id","community_id","at")
);

--> statement-breakpoint
CREATE TABLE "booking_bills" (
	"booking_id" text PRIMARY KEY NOT NULL,
	"merchant_id" text NOT NULL,
	"created_at" bigint NOT NULL,
	"closed_at" bigint
);

--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" text PRIMARY KEY NOT NULL,
	"booking_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"merchant_id" text NOT NULL,
	"month" text NOT NULL,
	"month_ends" bigint NOT NULL,
	"status" text NOT NULL,
	"issued_fen" bigint,
	"credited_fen" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"issued_at" bigint
);

--> statement-breakpoint
CREATE TABLE "invoice_lines" (
	"id" text PRIMARY KEY NOT NULL,
	"invoice_id" text NOT NULL,
	"booking_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"community_id" text NOT NULL,
	"at" bigint NOT NULL,
	"placement" text NOT NULL,
	"kind" text NOT NULL,
	"report_version" integer NOT NULL,
	"segment" text NOT NULL,
	"expected_ppm" integer NOT NULL,
	"rendered" integer NOT NULL,
	"viewable" integer NOT NULL,
	"completed" integer NOT NULL,
	"filtered" json NOT NULL,
	"missing" integer NOT NULL,
	"verified_milli" bigint NOT NULL,
	"people" integer,
	"touch_price_milli_fen" bigint NOT NULL,
	"amount_fen" bigint NOT NULL,
	"decision_id" text,
	"owners_fen" bigint NOT NULL,
	"management_fen" bigint NOT NULL,
	"credit_note_id" text,
	"made_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "disputes" (
	"id" text PRIMARY KEY NOT NULL,
	"line_id" text NOT NULL,
	"invoice_id" text NOT NULL,
	"merchant_id" text NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"created_at" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"decided_by" text,
	"decided_at" bigint,
	"note" text,
	"credit_note_id" text
);

--> statement-breakpoint
CREATE TABLE "credit_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"invoice_id" text NOT NULL,
	"booking_id" text NOT NULL,
	"merchant_id" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"reason" text NOT NULL,
	"dispute_id" text,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "owner_statements" (
	"community_id" text NOT NULL,
	"quarter" text NOT NULL,
	"income_fen" bigint NOT NULL,
	"management_fen" bigint NOT NULL,
	"owners_fen" bigint NOT NULL,
	"paid_owners_fen" bigint NOT NULL,
	"paid_management_fen" bigint NOT NULL,
	"owed_owners_fen" bigint NOT NULL,
	"made_at" bigint NOT NULL,
	CONSTRAINT "owner_statements_community_id_quarter_pk" PRIMARY KEY("community_id","quarter")
);

--> statement-breakpoint
CREATE TABLE "owner_payouts" (
	"id" text PRIMARY KEY NOT NULL,
	"community_id" text NOT NULL,
	"party" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"paid_on" text NOT NULL,
	"file_sha256" text NOT NULL,
	"file_type" text NOT NULL,
	"recorded_by" text NOT NULL,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "report_schedules" (
	"merchant_id" text PRIMARY KEY NOT NULL,
	"next_daily" text,
	"next_weekly" text,
	"next_monthly" text,
	"look_at" bigint,
	"webhook_url" text,
	"webhook_key" text,
	"test_id" text,
	"last_delivery_id" text,
	"last_at" bigint,
	"last_result" text,
	"last_detail" text,
	"asked_at" bigint,
	"changed_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "scheduled_reports" (
	"merchant_id" text NOT NULL,
	"kind" text NOT NULL,
	"from_day" text NOT NULL,
	"to_day" text NOT NULL,
	"id" text NOT NULL,
	"zone" text NOT NULL,
	"content" json NOT NULL,
	"made_at" bigint NOT NULL,
	"delivery_id" text,
	"delivery_asked_at" bigint,
	"delivery_at" bigint,
	"delivery_result" text,
	"delivery_detail" text,
	CONSTRAINT "scheduled_reports_merchant_id_kind_from_day_pk" PRIMARY KEY("merchant_id","kind","from_day")
);

--> statement-breakpoint
CREATE TABLE "part_refunds" (
	"refund_no" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"transaction_id" text NOT NULL,
	"amount_fen" bigint NOT NULL,
	"status" text NOT NULL,
	"wanted_at" bigint NOT NULL,
	"done_at" bigint
);

--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "children_pass" json DEFAULT '[{"fromMinute":360,"toMinute":540},{"fromMinute":900,"toMinute":1140}]'::json NOT NULL;
--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "lat_micro" integer;
--> statement-breakpoint
ALTER TABLE "communities" ADD COLUMN "lon_micro" integer;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "status" text DEFAULT 'approved' NOT NULL;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "reason" text;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "note" text;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "decided_by" text;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "decided_at" bigint;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "applied_at" bigint;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "licence_number" text;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "licence_sha256" text;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "licence_at" bigint;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "payee_sealed" text;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "payee_mask" json;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "payee_at" bigint;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "contact_checked_by" text;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "contact_checked_at" bigint;
--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "contact_checked_how" text;
--> statement-breakpoint
ALTER TABLE "stores" ADD COLUMN "lat_micro" integer;
--> statement-breakpoint
ALTER TABLE "stores" ADD COLUMN "lon_micro" integer;
--> statement-breakpoint
ALTER TABLE "clips" ADD COLUMN "reviewer_id" text;
--> statement-breakpoint
ALTER TABLE "clips" ADD COLUMN "review_until" bigint;
--> statement-breakpoint
ALTER TABLE "clip_files" ADD COLUMN "poster_bytes" bigint;
--> statement-breakpoint
ALTER TABLE "clip_uploads" ADD COLUMN "metadata" text;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "to_at" bigint;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "first_day" text;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "last_day" text;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "sold_lines" json;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "product" text DEFAULT 'touches' NOT NULL;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "dayparts" json;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "placements" json;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "segment" text DEFAULT 'all' NOT NULL;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "people" integer;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "share_ppm" integer;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "day_cap_touches" integer;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "holdout_ppm" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "paused_at" bigint;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "paused_by" text;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "paused_reason" text;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "cancelled_at" bigint;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "refunded_fen" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "delivered_milli" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "inventory_version" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "settled_at" bigint;
--> statement-breakpoint
ALTER TABLE "plays" ADD COLUMN "reached" text;
--> statement-breakpoint
ALTER TABLE "exposure_reports" ADD COLUMN "people" json;
--> statement-breakpoint
ALTER TABLE "exposure_reports" ADD COLUMN "placements" json;
--> statement-breakpoint
ALTER TABLE "exposure_reports" ADD COLUMN "day" text;
--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "refunded_fen" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
CREATE INDEX "stop_orders_at" ON "stop_orders" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "owner_decisions_community" ON "owner_decisions" USING btree ("community_id","status");
--> statement-breakpoint
CREATE INDEX "owner_decisions_status" ON "owner_decisions" USING btree ("status","created_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "owner_decisions_one_in_force" ON "owner_decisions" USING btree ("community_id") WHERE "owner_decisions"."status" = 'in-force';
--> statement-breakpoint
CREATE INDEX "rate_lines_community" ON "rate_lines" USING btree ("community_id","valid_to");
--> statement-breakpoint
CREATE INDEX "blackouts_community" ON "blackouts" USING btree ("community_id","last_day");
--> statement-breakpoint
CREATE INDEX "booking_places_community" ON "booking_places" USING btree ("community_id","booking_id");
--> statement-breakpoint
CREATE INDEX "booking_cells_at" ON "booking_cells" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "booking_cells_community" ON "booking_cells" USING btree ("community_id","at");
--> statement-breakpoint
CREATE INDEX "booking_cells_campaign" ON "booking_cells" USING btree ("campaign_id","at");
--> statement-breakpoint
CREATE INDEX "booking_cells_merchant" ON "booking_cells" USING btree ("merchant_id","at");
--> statement-breakpoint
CREATE INDEX "audience_models_community" ON "audience_models" USING btree ("community_id");
--> statement-breakpoint
CREATE INDEX "audience_forecasts_at" ON "audience_forecasts" USING btree ("at");
--> statement-breakpoint
CREATE INDEX "audience_due_at" ON "audience_due" USING btree ("due_at");
--> statement-breakpoint
CREATE INDEX "audience_scores_day" ON "audience_scores" USING btree ("day");
--> statement-breakpoint
CREATE INDEX "audience_declarations_community" ON "audience_declarations" USING btree ("community_id","segment");
--> statement-breakpoint
CREATE INDEX "replans_started" ON "replans" USING btree ("started_at");
--> statement-breakpoint
CREATE INDEX "delivery_outlooks_behind" ON "delivery_outlooks" USING btree ("behind_since");
--> statement-breakpoint
CREATE INDEX "delivery_outlooks_merchant" ON "delivery_outlooks" USING btree ("merchant_id");
--> statement-breakpoint
CREATE INDEX "make_goods_made" ON "make_goods" USING btree ("made_at");
--> statement-breakpoint
CREATE INDEX "sell_through_sold" ON "sell_through" USING btree ("week","place","sold_ppm","community_id");
--> statement-breakpoint
CREATE INDEX "sell_through_yield" ON "sell_through" USING btree ("week","place","yield_milli_fen","community_id");
--> statement-breakpoint
CREATE INDEX "unbilled_reports_made" ON "unbilled_reports" USING btree ("made_at");
--> statement-breakpoint
CREATE INDEX "booking_bills_open" ON "booking_bills" USING btree ("closed_at","booking_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_month" ON "invoices" USING btree ("booking_id","month");
--> statement-breakpoint
CREATE INDEX "invoices_merchant" ON "invoices" USING btree ("merchant_id","created_at");
--> statement-breakpoint
CREATE INDEX "invoices_campaign" ON "invoices" USING btree ("campaign_id","created_at");
--> statement-breakpoint
CREATE INDEX "invoices_created" ON "invoices" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX "invoices_due" ON "invoices" USING btree ("status","month_ends");
--> statement-breakpoint
CREATE UNIQUE INDEX "invoice_lines_report" ON "invoice_lines" USING btree ("booking_id","community_id","at","report_version") WHERE "invoice_lines"."report_version" > 0;
--> statement-breakpoint
CREATE INDEX "invoice_lines_cell" ON "invoice_lines" USING btree ("booking_id","community_id","at");
--> statement-breakpoint
CREATE INDEX "invoice_lines_invoice" ON "invoice_lines" USING btree ("invoice_id","at","id");
--> statement-breakpoint
CREATE INDEX "invoice_lines_community" ON "invoice_lines" USING btree ("community_id","made_at");
--> statement-breakpoint
CREATE INDEX "disputes_merchant" ON "disputes" USING btree ("merchant_id","created_at");
--> statement-breakpoint
CREATE INDEX "disputes_status" ON "disputes" USING btree ("status","created_at");
--> statement-breakpoint
CREATE INDEX "disputes_invoice" ON "disputes" USING btree ("invoice_id","created_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "disputes_one_open" ON "disputes" USING btree ("line_id") WHERE "disputes"."status" = 'open';
--> statement-breakpoint
CREATE INDEX "credit_notes_invoice" ON "credit_notes" USING btree ("invoice_id","created_at");
--> statement-breakpoint
CREATE INDEX "owner_payouts_community" ON "owner_payouts" USING btree ("community_id","created_at");
--> statement-breakpoint
CREATE INDEX "report_schedules_look" ON "report_schedules" USING btree ("look_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "scheduled_reports_id" ON "scheduled_reports" USING btree ("id");
--> statement-breakpoint
CREATE INDEX "scheduled_reports_merchant" ON "scheduled_reports" USING btree ("merchant_id","made_at","id");
--> statement-breakpoint
CREATE INDEX "scheduled_reports_made" ON "scheduled_reports" USING btree ("made_at");
--> statement-breakpoint
CREATE INDEX "part_refunds_payment" ON "part_refunds" USING btree ("payment_id");
--> statement-breakpoint
CREATE INDEX "part_refunds_status" ON "part_refunds" USING btree ("status","wanted_at");
--> statement-breakpoint
CREATE INDEX "merchants_status" ON "merchants" USING btree ("status","applied_at");
--> statement-breakpoint
CREATE INDEX "merchants_licence" ON "merchants" USING btree ("licence_number");
--> statement-breakpoint
CREATE INDEX "clip_files_poster" ON "clip_files" USING btree ("poster_sha256");
--> statement-breakpoint
CREATE INDEX "bookings_changed" ON "bookings" USING btree ("inventory_version");
--> statement-breakpoint
CREATE INDEX "bookings_running" ON "bookings" USING btree ("status","settled_at","to_at");
--> statement-breakpoint
CREATE INDEX "touches_started" ON "touches" USING btree ("started_at");
--> statement-breakpoint
CREATE INDEX "exposure_reports_unsummed" ON "exposure_reports" USING btree ("community_id") WHERE "exposure_reports"."day" is null;
--> statement-breakpoint
INSERT INTO booking_places (booking_id, community_id) SELECT id, community_id FROM bookings;
--> statement-breakpoint
INSERT INTO booking_cells (booking_id, campaign_id, merchant_id, community_id, at, placement, planned_milli) SELECT id, campaign_id, merchant_id, community_id, at, 'any', touches * 1000 FROM bookings WHERE status = 'paid';
--> statement-breakpoint
INSERT INTO inventory_state (id, version) VALUES ('all', 0);
