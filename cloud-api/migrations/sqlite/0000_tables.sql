CREATE TABLE `keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`owner` text NOT NULL,
	`algorithm` text NOT NULL,
	`public_key` text,
	`sealed` text NOT NULL,
	`from` integer NOT NULL,
	`until` integer,
	`signed_by` text,
	`signature` text
);

--> statement-breakpoint
CREATE INDEX `keys_owner` ON `keys` (`purpose`,`owner`);
--> statement-breakpoint
CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`facts` text NOT NULL
);

--> statement-breakpoint
CREATE INDEX `audit_subject` ON `audit` (`subject`,`id`);
--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`type` text NOT NULL,
	`subject` text NOT NULL,
	`facts` text NOT NULL,
	`company_id` text,
	`merchant_id` text,
	`resident_id` text
);

--> statement-breakpoint
CREATE INDEX `events_at` ON `events` (`at`);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`actor` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`result` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`actor`, `key`)
);

--> statement-breakpoint
CREATE INDEX `idempotency_at` ON `idempotency` (`at`);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`run_at` integer NOT NULL,
	`leased_until` integer NOT NULL,
	`attempts` integer NOT NULL,
	`error` text
);

--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`state`,`kind`,`run_at`);
--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`scope_id` text,
	`resident_id` text,
	`name` text NOT NULL,
	`email` text,
	`password_hash` text,
	`phone_tag` text,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_email` ON `accounts` (`email`);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_phone` ON `accounts` (`phone_tag`);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_resident` ON `accounts` (`resident_id`);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`account_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token_hash`);
--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);
--> statement-breakpoint
CREATE TABLE `session_links` (
	`link_hash` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`expires_at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `sms_codes` (
	`phone_tag` text PRIMARY KEY NOT NULL,
	`code_hash` text NOT NULL,
	`attempts_left` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`hour_from` integer NOT NULL,
	`sent_in_hour` integer NOT NULL,
	`last_sent_at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `sign_in_failures` (
	`email_hash` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`last_at` integer NOT NULL,
	`blocked_until` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `property_companies` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `communities` (
	`id` text PRIMARY KEY NOT NULL,
	`company_id` text NOT NULL,
	`name` text NOT NULL,
	`zone` text NOT NULL,
	`households` integer NOT NULL,
	`families_ppm` integer NOT NULL,
	`commuters_ppm` integer NOT NULL,
	`elderly_ppm` integer NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "communities_profile" CHECK("communities"."families_ppm" + "communities"."commuters_ppm" + "communities"."elderly_ppm" <= 1000000)
);

--> statement-breakpoint
CREATE INDEX `communities_company` ON `communities` (`company_id`,`id`);
--> statement-breakpoint
CREATE TABLE `entrances` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`name` text NOT NULL,
	`placement` text NOT NULL
);

--> statement-breakpoint
CREATE INDEX `entrances_community` ON `entrances` (`community_id`,`id`);
--> statement-breakpoint
CREATE TABLE `units` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`building` text NOT NULL,
	`number` text NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `units_place` ON `units` (`community_id`,`building`,`number`);
--> statement-breakpoint
CREATE TABLE `residents` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`unit_id` text NOT NULL,
	`name` text NOT NULL,
	`phone_masked` text NOT NULL,
	`has_pin` integer NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `residents_community` ON `residents` (`community_id`,`id`);
--> statement-breakpoint
CREATE TABLE `terminals` (
	`id` text PRIMARY KEY NOT NULL,
	`no` integer NOT NULL,
	`community_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`epoch` integer NOT NULL,
	`identity_key` text,
	`sealing_key` text,
	`claim_code_hash` text,
	`claim_expires_at` integer,
	`open_ms` integer NOT NULL,
	`quiet_from_minute` integer NOT NULL,
	`quiet_to_minute` integer NOT NULL,
	`volume_percent` integer NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `terminals_no` ON `terminals` (`no`);
--> statement-breakpoint
CREATE UNIQUE INDEX `terminals_entrance` ON `terminals` (`entrance_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `terminals_claim` ON `terminals` (`claim_code_hash`);
--> statement-breakpoint
CREATE INDEX `terminals_community` ON `terminals` (`community_id`,`id`);
--> statement-breakpoint
CREATE TABLE `terminal_presence` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`online` integer NOT NULL,
	`door_online` integer NOT NULL,
	`session` text NOT NULL,
	`mono_ms` integer NOT NULL,
	`agent_version` text NOT NULL,
	`last_seen_at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `terminal_documents` (
	`terminal_id` text NOT NULL,
	`kind` text NOT NULL,
	`desired` integer NOT NULL,
	`applied` integer,
	`applied_at` integer,
	`failed` integer,
	`reason` text,
	PRIMARY KEY(`terminal_id`, `kind`)
);

--> statement-breakpoint
CREATE TABLE `document_versions` (
	`terminal_id` text NOT NULL,
	`kind` text NOT NULL,
	`version` integer NOT NULL,
	`hash` text NOT NULL,
	`body` text NOT NULL,
	`signature` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`terminal_id`, `kind`, `version`)
);

--> statement-breakpoint
CREATE TABLE `used_nonces` (
	`nonce` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `used_nonces_expiry` ON `used_nonces` (`expires_at`);
--> statement-breakpoint
CREATE TABLE `revocations` (
	`subject` text PRIMARY KEY NOT NULL,
	`before_second` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `commands` (
	`id` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`times` text NOT NULL,
	`actor` text NOT NULL,
	`expires_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `commands_open` ON `commands` (`state`,`expires_at`);
--> statement-breakpoint
CREATE INDEX `commands_terminal` ON `commands` (`terminal_id`,`expires_at`);
--> statement-breakpoint
CREATE TABLE `journal_heads` (
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`terminal_id`, `epoch`, `stream`)
);

--> statement-breakpoint
CREATE TABLE `journal_rows` (
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`kind` text NOT NULL,
	`wall_ms` integer NOT NULL,
	`mono_ms` integer NOT NULL,
	`boot` text NOT NULL,
	`clock` text NOT NULL,
	`body` text NOT NULL,
	`private_hash` text,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`terminal_id`, `epoch`, `stream`, `seq`)
);

--> statement-breakpoint
CREATE TABLE `journal_losses` (
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`stream` text NOT NULL,
	`from_seq` integer NOT NULL,
	`to_seq` integer NOT NULL,
	`last_hash` text NOT NULL,
	PRIMARY KEY(`terminal_id`, `epoch`, `stream`, `from_seq`)
);

--> statement-breakpoint
CREATE TABLE `credentials` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`kind` text NOT NULL,
	`person` text NOT NULL,
	`resident_id` text,
	`unit` text,
	`label` text,
	`entrance_ids` text,
	`from` integer,
	`to` integer,
	`uses` integer,
	`epoch` integer NOT NULL,
	`tag` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);

--> statement-breakpoint
CREATE INDEX `credentials_community` ON `credentials` (`community_id`,`kind`,`created_at`);
--> statement-breakpoint
CREATE INDEX `credentials_resident` ON `credentials` (`resident_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_tag` ON `credentials` (`community_id`,`tag`);
--> statement-breakpoint
CREATE TABLE `access_deliveries` (
	`credential_id` text NOT NULL,
	`terminal_id` text NOT NULL,
	`version` integer NOT NULL,
	PRIMARY KEY(`credential_id`, `terminal_id`)
);

--> statement-breakpoint
CREATE TABLE `access_events` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`seq` integer NOT NULL,
	`community_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`kind` text NOT NULL,
	`via` text,
	`reason` text,
	`person` text,
	`pulse_ms` integer,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`credential_id` text,
	`touch_id` text,
	`salt` text
);

--> statement-breakpoint
CREATE UNIQUE INDEX `access_events_row` ON `access_events` (`terminal_id`,`epoch`,`seq`);
--> statement-breakpoint
CREATE INDEX `access_events_terminal` ON `access_events` (`terminal_id`,`at`);
--> statement-breakpoint
CREATE INDEX `access_events_community` ON `access_events` (`community_id`,`at`);
--> statement-breakpoint
CREATE INDEX `access_events_at` ON `access_events` (`at`);
--> statement-breakpoint
CREATE TABLE `merchants` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `stores` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`name` text NOT NULL,
	`address` text NOT NULL,
	`community_id` text NOT NULL,
	`hours` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `stores_merchant` ON `stores` (`merchant_id`);
--> statement-breakpoint
CREATE INDEX `stores_community` ON `stores` (`community_id`);
--> statement-breakpoint
CREATE TABLE `clips` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text,
	`title` text NOT NULL,
	`house` text,
	`status` text NOT NULL,
	`progress_percent` integer NOT NULL,
	`reason` text,
	`note` text,
	`source_sha256` text NOT NULL,
	`source_bytes` integer NOT NULL,
	`source_width` integer NOT NULL,
	`source_height` integer NOT NULL,
	`source_has_audio` integer NOT NULL,
	`source_conforms` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`sha256` text,
	`bytes` integer,
	`width` integer,
	`height` integer,
	`poster_sha256` text,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `clips_merchant` ON `clips` (`merchant_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `clips_status` ON `clips` (`status`,`created_at`);
--> statement-breakpoint
CREATE INDEX `clips_sha256` ON `clips` (`sha256`);
--> statement-breakpoint
CREATE TABLE `campaigns` (
	`id` text PRIMARY KEY NOT NULL,
	`no` integer NOT NULL,
	`merchant_id` text NOT NULL,
	`name` text NOT NULL,
	`clip_id` text NOT NULL,
	`deal_id` text,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `campaigns_no` ON `campaigns` (`no`);
--> statement-breakpoint
CREATE INDEX `campaigns_merchant` ON `campaigns` (`merchant_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `campaigns_clip` ON `campaigns` (`clip_id`);
--> statement-breakpoint
CREATE TABLE `slots` (
	`community_id` text NOT NULL,
	`at` integer NOT NULL,
	`capacity_touches` integer NOT NULL,
	`held_touches` integer NOT NULL,
	`sold_touches` integer NOT NULL,
	PRIMARY KEY(`community_id`, `at`),
	CONSTRAINT "slots_never_oversold" CHECK("slots"."held_touches" >= 0 and "slots"."sold_touches" >= 0 and "slots"."held_touches" + "slots"."sold_touches" <= "slots"."capacity_touches")
);

--> statement-breakpoint
CREATE TABLE `plan_days` (
	`community_id` text PRIMARY KEY NOT NULL,
	`day_start` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `bookings` (
	`id` text PRIMARY KEY NOT NULL,
	`campaign_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`community_id` text NOT NULL,
	`at` integer NOT NULL,
	`touches` integer NOT NULL,
	`price_fen` integer NOT NULL,
	`status` text NOT NULL,
	`hold_until` integer NOT NULL,
	`payment_id` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `bookings_merchant` ON `bookings` (`merchant_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `bookings_campaign` ON `bookings` (`campaign_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `bookings_community` ON `bookings` (`community_id`,`status`,`at`);
--> statement-breakpoint
CREATE INDEX `bookings_held` ON `bookings` (`status`,`hold_until`);
--> statement-breakpoint
CREATE TABLE `plays` (
	`id` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`community_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`placement` text NOT NULL,
	`campaign_id` text,
	`clip` text NOT NULL,
	`touch` text,
	`billable` integer NOT NULL,
	`half_hour` integer NOT NULL,
	`started_at` integer NOT NULL,
	`rendered` integer NOT NULL,
	`viewable` integer NOT NULL,
	`completed` integer NOT NULL,
	`shown_ms` integer NOT NULL,
	`frames_presented` integer NOT NULL,
	`frames_dropped` integer NOT NULL,
	`muted` integer NOT NULL,
	`end_reason` text NOT NULL,
	`panel` text NOT NULL,
	`milli_touches` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `plays_campaign` ON `plays` (`campaign_id`,`community_id`,`half_hour`);
--> statement-breakpoint
CREATE INDEX `plays_terminal` ON `plays` (`terminal_id`,`started_at`);
--> statement-breakpoint
CREATE INDEX `plays_started` ON `plays` (`started_at`);
--> statement-breakpoint
CREATE TABLE `touches` (
	`id` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`community_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`placement` text NOT NULL,
	`event` text NOT NULL,
	`unbillable` text,
	`started_at` integer NOT NULL,
	`window_ms` integer NOT NULL,
	`ended_by` text NOT NULL
);

--> statement-breakpoint
CREATE INDEX `touches_community` ON `touches` (`community_id`,`started_at`);
--> statement-breakpoint
CREATE TABLE `screens` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`since` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `half_hours` (
	`terminal_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`at` integer NOT NULL,
	`community_id` text NOT NULL,
	`touches` integer,
	PRIMARY KEY(`terminal_id`, `entrance_id`, `at`)
);

--> statement-breakpoint
CREATE INDEX `half_hours_community` ON `half_hours` (`community_id`,`at`);
--> statement-breakpoint
CREATE TABLE `visits` (
	`id` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`community_id` text NOT NULL,
	`half_hour` integer NOT NULL,
	`campaign_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`deal_id` text,
	`clip_prefix` text NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `visits_at` ON `visits` (`at`);
--> statement-breakpoint
CREATE INDEX `visits_merchant` ON `visits` (`merchant_id`,`at`);
--> statement-breakpoint
CREATE INDEX `visits_campaign` ON `visits` (`campaign_id`,`at`);
--> statement-breakpoint
CREATE TABLE `deals` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`store_id` text NOT NULL,
	`community_id` text NOT NULL,
	`title` text NOT NULL,
	`description` text NOT NULL,
	`single_price_fen` integer NOT NULL,
	`group_price_fen` integer NOT NULL,
	`group_size` integer NOT NULL,
	`group_hours` integer NOT NULL,
	`stock` integer NOT NULL,
	`reserved` integer NOT NULL,
	`sold` integer NOT NULL,
	`per_person_max` integer NOT NULL,
	`opens_at` integer NOT NULL,
	`closes_at` integer NOT NULL,
	`clip_id` text,
	`created_at` integer NOT NULL,
	CONSTRAINT "deals_never_oversold" CHECK("deals"."reserved" >= 0 and "deals"."sold" >= 0 and "deals"."reserved" + "deals"."sold" <= "deals"."stock")
);

--> statement-breakpoint
CREATE INDEX `deals_merchant` ON `deals` (`merchant_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `deals_community` ON `deals` (`community_id`,`created_at`);
--> statement-breakpoint
CREATE TABLE `deal_quotas` (
	`deal_id` text NOT NULL,
	`resident_id` text NOT NULL,
	`quantity` integer NOT NULL,
	PRIMARY KEY(`deal_id`, `resident_id`),
	CONSTRAINT "deal_quotas_not_negative" CHECK("deal_quotas"."quantity" >= 0)
);

--> statement-breakpoint
CREATE TABLE `groups` (
	`id` text PRIMARY KEY NOT NULL,
	`deal_id` text NOT NULL,
	`size` integer NOT NULL,
	`paid` integer NOT NULL,
	`status` text NOT NULL,
	`opened_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	CONSTRAINT "groups_never_overfilled" CHECK("groups"."paid" <= "groups"."size")
);

--> statement-breakpoint
CREATE INDEX `groups_deal` ON `groups` (`deal_id`,`status`,`opened_at`);
--> statement-breakpoint
CREATE INDEX `groups_due` ON `groups` (`status`,`expires_at`);
--> statement-breakpoint
CREATE TABLE `group_members` (
	`group_id` text NOT NULL,
	`resident_id` text NOT NULL,
	PRIMARY KEY(`group_id`, `resident_id`)
);

--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`deal_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`store_id` text NOT NULL,
	`resident_id` text NOT NULL,
	`quantity` integer NOT NULL,
	`unit_price_fen` integer NOT NULL,
	`total_fen` integer NOT NULL,
	`status` text NOT NULL,
	`group_id` text,
	`visit_id` text,
	`payment_id` text NOT NULL,
	`pay_until` integer NOT NULL,
	`picked_up_at` integer,
	`buyer_masked` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `orders_resident` ON `orders` (`resident_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `orders_merchant` ON `orders` (`merchant_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `orders_deal` ON `orders` (`deal_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `orders_group` ON `orders` (`group_id`);
--> statement-breakpoint
CREATE INDEX `orders_visit` ON `orders` (`visit_id`);
--> statement-breakpoint
CREATE INDEX `orders_due` ON `orders` (`status`,`pay_until`);
--> statement-breakpoint
CREATE TABLE `pickups` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`merchant_id` text NOT NULL,
	`store_id` text NOT NULL,
	`tag` text NOT NULL,
	`active_tag` text,
	`sealed` text NOT NULL,
	`status` text NOT NULL,
	`issued_at` integer NOT NULL,
	`used_at` integer,
	`used_by` text
);

--> statement-breakpoint
CREATE UNIQUE INDEX `pickups_order` ON `pickups` (`order_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `pickups_active` ON `pickups` (`merchant_id`,`active_tag`);
--> statement-breakpoint
CREATE INDEX `pickups_tag` ON `pickups` (`merchant_id`,`tag`);
--> statement-breakpoint
CREATE TABLE `pickup_attempts` (
	`merchant_id` text NOT NULL,
	`window` integer NOT NULL,
	`wrong` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `window`)
);

--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`store_id` text,
	`amount_fen` integer NOT NULL,
	`description` text NOT NULL,
	`status` text NOT NULL,
	`pay_url` text,
	`return_url` text,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `payments_subject` ON `payments` (`subject_kind`,`subject_id`);
--> statement-breakpoint
CREATE TABLE `receipts` (
	`transaction_id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`applied` integer NOT NULL,
	`refund` text NOT NULL,
	`refund_no` text NOT NULL,
	`received_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `receipts_payment` ON `receipts` (`payment_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `receipts_refund_no` ON `receipts` (`refund_no`);
--> statement-breakpoint
CREATE TABLE `payment_keys` (
	`provider` text PRIMARY KEY NOT NULL,
	`public_key_pem` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `ledger_sets` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`business_no` text NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `ledger_sets_business` ON `ledger_sets` (`kind`,`business_no`);
--> statement-breakpoint
CREATE TABLE `ledger_entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`set_id` integer NOT NULL,
	`account` text NOT NULL,
	`amount_fen` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `ledger_entries_set` ON `ledger_entries` (`set_id`);
--> statement-breakpoint
CREATE INDEX `ledger_entries_account` ON `ledger_entries` (`account`,`id`);