CREATE TABLE `stop_orders` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`clips` text NOT NULL,
	`approved_to` integer NOT NULL,
	`community_ids` text,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `stop_orders_at` ON `stop_orders` (`at`);
--> statement-breakpoint
CREATE TABLE `journal_begins` (
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`at` integer NOT NULL,
	`kid` text NOT NULL,
	`signature` text NOT NULL,
	PRIMARY KEY(`terminal_id`, `epoch`, `stream`)
);

--> statement-breakpoint
CREATE TABLE `notice_names` (
	`resident_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL
);

--> statement-breakpoint
CREATE TABLE `owner_decisions` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`title` text NOT NULL,
	`decided_on` text NOT NULL,
	`file_sha256` text NOT NULL,
	`file_type` text NOT NULL,
	`file_deleted_at` integer,
	`placements` text NOT NULL,
	`hours` text NOT NULL,
	`excluded` text NOT NULL,
	`owners_share_ppm` integer NOT NULL,
	`management_ppm` integer NOT NULL,
	`valid_to` integer NOT NULL,
	`status` text NOT NULL,
	`recorded_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	`in_force_from` integer,
	`ended_at` integer,
	`note` text
);

--> statement-breakpoint
CREATE INDEX `owner_decisions_community` ON `owner_decisions` (`community_id`,`status`);
--> statement-breakpoint
CREATE INDEX `owner_decisions_status` ON `owner_decisions` (`status`,`created_at`);
--> statement-breakpoint
CREATE UNIQUE INDEX `owner_decisions_one_in_force` ON `owner_decisions` (`community_id`) WHERE "owner_decisions"."status" = 'in-force';
--> statement-breakpoint
CREATE TABLE `rate_lines` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text,
	`placement` text,
	`segment` text,
	`product` text,
	`weekdays` text,
	`from_minute` integer,
	`to_minute` integer,
	`touch_price_fen` integer NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `rate_lines_community` ON `rate_lines` (`community_id`,`valid_to`);
--> statement-breakpoint
CREATE TABLE `blackouts` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text,
	`first_day` text NOT NULL,
	`last_day` text NOT NULL,
	`reason` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`lifted_at` integer,
	`lifted_by` text
);

--> statement-breakpoint
CREATE INDEX `blackouts_community` ON `blackouts` (`community_id`,`last_day`);
--> statement-breakpoint
CREATE TABLE `inventory_state` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `booking_places` (
	`booking_id` text NOT NULL,
	`community_id` text NOT NULL,
	PRIMARY KEY(`booking_id`, `community_id`)
);

--> statement-breakpoint
CREATE INDEX `booking_places_community` ON `booking_places` (`community_id`,`booking_id`);
--> statement-breakpoint
CREATE TABLE `booking_cells` (
	`booking_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`community_id` text NOT NULL,
	`at` integer NOT NULL,
	`placement` text NOT NULL,
	`planned_milli` integer NOT NULL,
	`share_ppm` integer,
	`kept_ppm` integer,
	`delivered_milli` integer,
	PRIMARY KEY(`booking_id`, `community_id`, `at`, `placement`)
);

--> statement-breakpoint
CREATE INDEX `booking_cells_at` ON `booking_cells` (`at`);
--> statement-breakpoint
CREATE INDEX `booking_cells_community` ON `booking_cells` (`community_id`,`at`);
--> statement-breakpoint
CREATE INDEX `booking_cells_campaign` ON `booking_cells` (`campaign_id`,`at`);
--> statement-breakpoint
CREATE INDEX `booking_cells_merchant` ON `booking_cells` (`merchant_id`,`at`);
--> statement-breakpoint
CREATE TABLE `audience_models` (
	`entrance_id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`placement` text NOT NULL,
	`in_service` integer NOT NULL,
	`state` blob,
	`level_ppm` integer NOT NULL,
	`known_days` integer NOT NULL,
	`updated_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `audience_models_community` ON `audience_models` (`community_id`);
--> statement-breakpoint
CREATE TABLE `audience_forecasts` (
	`community_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`at` integer NOT NULL,
	`cells` blob NOT NULL,
	`made_at` integer NOT NULL,
	PRIMARY KEY(`community_id`, `entrance_id`, `at`)
);

--> statement-breakpoint
CREATE INDEX `audience_forecasts_at` ON `audience_forecasts` (`at`);
--> statement-breakpoint
CREATE TABLE `audience_due` (
	`community_id` text NOT NULL,
	`day` text NOT NULL,
	`due_at` integer NOT NULL,
	PRIMARY KEY(`community_id`, `day`)
);

--> statement-breakpoint
CREATE INDEX `audience_due_at` ON `audience_due` (`due_at`);
--> statement-breakpoint
CREATE TABLE `audience_scores` (
	`community_id` text NOT NULL,
	`day` text NOT NULL,
	`day_kind` integer NOT NULL,
	`actual_milli` integer NOT NULL,
	`expected_milli` integer NOT NULL,
	`error_milli` integer NOT NULL,
	`cells` integer NOT NULL,
	`within` integer NOT NULL,
	PRIMARY KEY(`community_id`, `day`)
);

--> statement-breakpoint
CREATE INDEX `audience_scores_day` ON `audience_scores` (`day`);
--> statement-breakpoint
CREATE TABLE `audience_declarations` (
	`resident_id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`segment` text NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `audience_declarations_community` ON `audience_declarations` (`community_id`,`segment`);
--> statement-breakpoint
CREATE TABLE `holiday_notices` (
	`year` integer NOT NULL,
	`version` integer NOT NULL,
	`holidays` text NOT NULL,
	`worked_weekends` text NOT NULL,
	`source` text NOT NULL,
	`entered_by` text NOT NULL,
	`entered_at` integer NOT NULL,
	PRIMARY KEY(`year`, `version`)
);

--> statement-breakpoint
CREATE TABLE `exposure_days` (
	`campaign_id` text NOT NULL,
	`day` text NOT NULL,
	`community_id` text NOT NULL,
	`half_hours` integer NOT NULL,
	`silent_half_hours` integer NOT NULL,
	`rendered` integer NOT NULL,
	`viewable` integer NOT NULL,
	`completed` integer NOT NULL,
	`verified_milli_touches` integer NOT NULL,
	`people` integer NOT NULL,
	`panel_on` integer NOT NULL,
	`ambient` integer NOT NULL,
	`filtered` integer NOT NULL,
	PRIMARY KEY(`campaign_id`, `day`, `community_id`)
);

--> statement-breakpoint
CREATE TABLE `exposure_day_placements` (
	`campaign_id` text NOT NULL,
	`day` text NOT NULL,
	`community_id` text NOT NULL,
	`placement` text NOT NULL,
	`rendered` integer NOT NULL,
	`viewable` integer NOT NULL,
	`completed` integer NOT NULL,
	`touches` integer NOT NULL,
	`whole_touches` integer NOT NULL,
	`verified_milli_touches` integer NOT NULL,
	PRIMARY KEY(`campaign_id`, `day`, `community_id`, `placement`)
);

--> statement-breakpoint
CREATE TABLE `delivery_state` (
	`id` text PRIMARY KEY NOT NULL,
	`wanted` integer NOT NULL,
	`planned` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `delivery_unpublished` (
	`community_id` text PRIMARY KEY NOT NULL
);

--> statement-breakpoint
CREATE TABLE `replans` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`started_at` integer NOT NULL,
	`ms` integer NOT NULL,
	`line_items` integer NOT NULL,
	`planned_ppm` integer NOT NULL,
	`spread_ppm` integer NOT NULL,
	`cells_changed` integer NOT NULL,
	`communities_changed` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `replans_started` ON `replans` (`started_at`);
--> statement-breakpoint
CREATE TABLE `delivery_outlooks` (
	`booking_id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`made_at` integer NOT NULL,
	`expected_milli` integer NOT NULL,
	`low_milli` integer NOT NULL,
	`high_milli` integer NOT NULL,
	`behind_since` integer
);

--> statement-breakpoint
CREATE INDEX `delivery_outlooks_behind` ON `delivery_outlooks` (`behind_since`);
--> statement-breakpoint
CREATE INDEX `delivery_outlooks_merchant` ON `delivery_outlooks` (`merchant_id`);
--> statement-breakpoint
CREATE TABLE `make_goods` (
	`booking_id` text NOT NULL,
	`no` integer NOT NULL,
	`made_at` integer NOT NULL,
	`reason` text NOT NULL,
	`missing_milli` integer NOT NULL,
	`from_at` integer NOT NULL,
	`to_at` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `no`)
);

--> statement-breakpoint
CREATE INDEX `make_goods_made` ON `make_goods` (`made_at`);
--> statement-breakpoint
CREATE TABLE `sell_through` (
	`week` text NOT NULL,
	`place` text NOT NULL,
	`community_id` text NOT NULL,
	`expected_milli` integer NOT NULL,
	`open_milli` integer NOT NULL,
	`sold_milli` integer NOT NULL,
	`income_milli_fen` integer NOT NULL,
	`sold_ppm` integer NOT NULL,
	`yield_milli_fen` integer NOT NULL,
	`made_at` integer NOT NULL,
	PRIMARY KEY(`week`, `place`, `community_id`)
);

--> statement-breakpoint
CREATE INDEX `sell_through_sold` ON `sell_through` (`week`,`place`,`sold_ppm`,`community_id`);
--> statement-breakpoint
CREATE INDEX `sell_through_yield` ON `sell_through` (`week`,`place`,`yield_milli_fen`,`community_id`);
--> statement-breakpoint
CREATE TABLE `sell_through_weeks` (
	`week` text NOT NULL,
	`place` text NOT NULL,
	`cells` blob NOT NULL,
	`communities` integer NOT NULL,
	`unsold` integer NOT NULL,
	`made_at` integer NOT NULL,
	PRIMARY KEY(`week`, `place`)
);

--> statement-breakpoint
CREATE TABLE `unbilled_reports` (
	`campaign_id` text NOT NULL,
	`community_id` text NOT NULL,
	`at` integer NOT NULL,
	`made_at` integer NOT NULL,
	PRIMARY KEY(`campaign_id`, `community_id`, `at`)
);

--> statement-breakpoint
CREATE INDEX `unbilled_reports_made` ON `unbilled_reports` (`made_at`);
--> statement-breakpoint
CREATE TABLE `booking_bills` (
	`booking_id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`closed_at` integer
);

--> statement-breakpoint
CREATE INDEX `booking_bills_open` ON `booking_bills` (`closed_at`,`booking_id`);
--> statement-breakpoint
CREATE TABLE `invoices` (
	`id` text PRIMARY KEY NOT NULL,
	`booking_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`month` text NOT NULL,
	`month_ends` integer NOT NULL,
	`status` text NOT NULL,
	`issued_fen` integer,
	`credited_fen` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`issued_at` integer
);

--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_month` ON `invoices` (`booking_id`,`month`);
--> statement-breakpoint
CREATE INDEX `invoices_merchant` ON `invoices` (`merchant_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `invoices_campaign` ON `invoices` (`campaign_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `invoices_created` ON `invoices` (`created_at`);
--> statement-breakpoint
CREATE INDEX `invoices_due` ON `invoices` (`status`,`month_ends`);
--> statement-breakpoint
CREATE TABLE `invoice_lines` (
	`id` text PRIMARY KEY NOT NULL,
	`invoice_id` text NOT NULL,
	`booking_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`community_id` text NOT NULL,
	`at` integer NOT NULL,
	`placement` text NOT NULL,
	`kind` text NOT NULL,
	`report_version` integer NOT NULL,
	`segment` text NOT NULL,
	`expected_ppm` integer NOT NULL,
	`rendered` integer NOT NULL,
	`viewable` integer NOT NULL,
	`completed` integer NOT NULL,
	`filtered` text NOT NULL,
	`missing` integer NOT NULL,
	`verified_milli` integer NOT NULL,
	`people` integer,
	`touch_price_milli_fen` integer NOT NULL,
	`amount_fen` integer NOT NULL,
	`decision_id` text,
	`owners_fen` integer NOT NULL,
	`management_fen` integer NOT NULL,
	`credit_note_id` text,
	`made_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `invoice_lines_report` ON `invoice_lines` (`booking_id`,`community_id`,`at`,`report_version`) WHERE "invoice_lines"."report_version" > 0;
--> statement-breakpoint
CREATE INDEX `invoice_lines_cell` ON `invoice_lines` (`booking_id`,`community_id`,`at`);
--> statement-breakpoint
CREATE INDEX `invoice_lines_invoice` ON `invoice_lines` (`invoice_id`,`at`,`id`);
--> statement-breakpoint
CREATE INDEX `invoice_lines_community` ON `invoice_lines` (`community_id`,`made_at`);
--> statement-breakpoint
CREATE TABLE `disputes` (
	`id` text PRIMARY KEY NOT NULL,
	`line_id` text NOT NULL,
	`invoice_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`reason` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	`note` text,
	`credit_note_id` text
);

--> statement-breakpoint
CREATE INDEX `disputes_merchant` ON `disputes` (`merchant_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `disputes_status` ON `disputes` (`status`,`created_at`);
--> statement-breakpoint
CREATE INDEX `disputes_invoice` ON `disputes` (`invoice_id`,`created_at`);
--> statement-breakpoint
CREATE UNIQUE INDEX `disputes_one_open` ON `disputes` (`line_id`) WHERE "disputes"."status" = 'open';
--> statement-breakpoint
CREATE TABLE `credit_notes` (
	`id` text PRIMARY KEY NOT NULL,
	`invoice_id` text NOT NULL,
	`booking_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`reason` text NOT NULL,
	`dispute_id` text,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `credit_notes_invoice` ON `credit_notes` (`invoice_id`,`created_at`);
--> statement-breakpoint
CREATE TABLE `owner_statements` (
	`community_id` text NOT NULL,
	`quarter` text NOT NULL,
	`income_fen` integer NOT NULL,
	`management_fen` integer NOT NULL,
	`owners_fen` integer NOT NULL,
	`paid_owners_fen` integer NOT NULL,
	`paid_management_fen` integer NOT NULL,
	`owed_owners_fen` integer NOT NULL,
	`made_at` integer NOT NULL,
	PRIMARY KEY(`community_id`, `quarter`)
);

--> statement-breakpoint
CREATE TABLE `owner_payouts` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`party` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`paid_on` text NOT NULL,
	`file_sha256` text NOT NULL,
	`file_type` text NOT NULL,
	`recorded_by` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `owner_payouts_community` ON `owner_payouts` (`community_id`,`created_at`);
--> statement-breakpoint
CREATE TABLE `report_schedules` (
	`merchant_id` text PRIMARY KEY NOT NULL,
	`next_daily` text,
	`next_weekly` text,
	`next_monthly` text,
	`look_at` integer,
	`webhook_url` text,
	`webhook_key` text,
	`test_id` text,
	`last_delivery_id` text,
	`last_at` integer,
	`last_result` text,
	`last_detail` text,
	`asked_at` integer,
	`changed_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `report_schedules_look` ON `report_schedules` (`look_at`);
--> statement-breakpoint
CREATE TABLE `scheduled_reports` (
	`merchant_id` text NOT NULL,
	`kind` text NOT NULL,
	`from_day` text NOT NULL,
	`to_day` text NOT NULL,
	`id` text NOT NULL,
	`zone` text NOT NULL,
	`content` text NOT NULL,
	`made_at` integer NOT NULL,
	`delivery_id` text,
	`delivery_asked_at` integer,
	`delivery_at` integer,
	`delivery_result` text,
	`delivery_detail` text,
	PRIMARY KEY(`merchant_id`, `kind`, `from_day`)
);

--> statement-breakpoint
CREATE UNIQUE INDEX `scheduled_reports_id` ON `scheduled_reports` (`id`);
--> statement-breakpoint
CREATE INDEX `scheduled_reports_merchant` ON `scheduled_reports` (`merchant_id`,`made_at`,`id`);
--> statement-breakpoint
CREATE INDEX `scheduled_reports_made` ON `scheduled_reports` (`made_at`);
--> statement-breakpoint
CREATE TABLE `part_refunds` (
	`refund_no` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`transaction_id` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`status` text NOT NULL,
	`wanted_at` integer NOT NULL,
	`done_at` integer
);

--> statement-breakpoint
CREATE INDEX `part_refunds_payment` ON `part_refunds` (`payment_id`);
--> statement-breakpoint
CREATE INDEX `part_refunds_status` ON `part_refunds` (`status`,`wanted_at`);
--> statement-breakpoint
ALTER TABLE `communities` ADD `children_pass` text DEFAULT '[{"fromMinute":360,"toMinute":540},{"fromMinute":900,"toMinute":1140}]' NOT NULL;
--> statement-breakpoint
ALTER TABLE `communities` ADD `lat_micro` integer;
--> statement-breakpoint
ALTER TABLE `communities` ADD `lon_micro` integer;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `status` text DEFAULT 'approved' NOT NULL;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `reason` text;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `note` text;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `decided_by` text;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `decided_at` integer;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `applied_at` integer;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `licence_number` text;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `licence_sha256` text;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `licence_at` integer;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `payee_sealed` text;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `payee_mask` text;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `payee_at` integer;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `contact_checked_by` text;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `contact_checked_at` integer;
--> statement-breakpoint
ALTER TABLE `merchants` ADD `contact_checked_how` text;
--> statement-breakpoint
CREATE INDEX `merchants_status` ON `merchants` (`status`,`applied_at`);
--> statement-breakpoint
CREATE INDEX `merchants_licence` ON `merchants` (`licence_number`);
--> statement-breakpoint
ALTER TABLE `stores` ADD `lat_micro` integer;
--> statement-breakpoint
ALTER TABLE `stores` ADD `lon_micro` integer;
--> statement-breakpoint
ALTER TABLE `clips` ADD `reviewer_id` text;
--> statement-breakpoint
ALTER TABLE `clips` ADD `review_until` integer;
--> statement-breakpoint
ALTER TABLE `clip_files` ADD `poster_bytes` integer;
--> statement-breakpoint
CREATE INDEX `clip_files_poster` ON `clip_files` (`poster_sha256`);
--> statement-breakpoint
ALTER TABLE `clip_uploads` ADD `metadata` text;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `to_at` integer;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `first_day` text;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `last_day` text;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `sold_lines` text;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `product` text DEFAULT 'touches' NOT NULL;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `dayparts` text;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `placements` text;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `segment` text DEFAULT 'all' NOT NULL;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `people` integer;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `share_ppm` integer;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `day_cap_touches` integer;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `holdout_ppm` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `paused_at` integer;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `paused_by` text;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `paused_reason` text;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `cancelled_at` integer;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `refunded_fen` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `delivered_milli` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `inventory_version` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `bookings` ADD `settled_at` integer;
--> statement-breakpoint
CREATE INDEX `bookings_changed` ON `bookings` (`inventory_version`);
--> statement-breakpoint
CREATE INDEX `bookings_running` ON `bookings` (`status`,`settled_at`,`to_at`);
--> statement-breakpoint
ALTER TABLE `plays` ADD `reached` text;
--> statement-breakpoint
ALTER TABLE `exposure_reports` ADD `people` text;
--> statement-breakpoint
ALTER TABLE `exposure_reports` ADD `placements` text;
--> statement-breakpoint
ALTER TABLE `exposure_reports` ADD `day` text;
--> statement-breakpoint
CREATE INDEX `exposure_reports_unsummed` ON `exposure_reports` (`community_id`) WHERE "exposure_reports"."day" is null;
--> statement-breakpoint
ALTER TABLE `payments` ADD `refunded_fen` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
CREATE INDEX `touches_started` ON `touches` (`started_at`);
--> statement-breakpoint
INSERT INTO booking_places (booking_id, community_id) SELECT id, community_id FROM bookings;
--> statement-breakpoint
INSERT INTO booking_cells (booking_id, campaign_id, merchant_id, community_id, at, placement, planned_milli) SELECT id, campaign_id, merchant_id, community_id, at, 'any', touches * 1000 FROM bookings WHERE status = 'paid';
--> statement-breakpoint
INSERT INTO inventory_state (id, version) VALUES ('all', 0);
