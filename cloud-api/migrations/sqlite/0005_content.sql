CREATE TABLE `ad_pseudonyms` (
	`resident_id` text PRIMARY KEY NOT NULL,
	`pseudonym` text NOT NULL
);

--> statement-breakpoint
CREATE TABLE `clip_files` (
	`clip_id` text NOT NULL,
	`cut` text NOT NULL,
	`profile` text NOT NULL,
	`sha256` text NOT NULL,
	`bytes` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`poster_sha256` text,
	PRIMARY KEY(`clip_id`, `cut`, `profile`)
);

--> statement-breakpoint
CREATE INDEX `clip_files_sha256` ON `clip_files` (`sha256`);
--> statement-breakpoint
CREATE TABLE `clip_reviews` (
	`id` text PRIMARY KEY NOT NULL,
	`clip_id` text NOT NULL,
	`at` integer NOT NULL,
	`step` text NOT NULL,
	`account_id` text,
	`reason` text,
	`note` text,
	`facts` text
);

--> statement-breakpoint
CREATE INDEX `clip_reviews_clip` ON `clip_reviews` (`clip_id`,`at`);
--> statement-breakpoint
CREATE TABLE `permits` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`category` text NOT NULL,
	`number` text NOT NULL,
	`file_sha256` text NOT NULL,
	`file_type` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`note` text,
	`decided_by` text,
	`decided_at` integer,
	`file_deleted_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `permits_merchant` ON `permits` (`merchant_id`,`category`);
--> statement-breakpoint
CREATE INDEX `permits_status` ON `permits` (`status`,`created_at`);
--> statement-breakpoint
CREATE TABLE `declined_categories` (
	`community_id` text NOT NULL,
	`category` text NOT NULL,
	`account_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`community_id`, `category`)
);

--> statement-breakpoint
CREATE TABLE `clip_photos` (
	`owner` text NOT NULL,
	`sha256` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`bytes` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`owner`, `sha256`)
);

--> statement-breakpoint
CREATE INDEX `clip_photos_sha256` ON `clip_photos` (`sha256`);
--> statement-breakpoint
CREATE INDEX `clip_photos_created` ON `clip_photos` (`created_at`);
--> statement-breakpoint
CREATE TABLE `clip_uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text,
	`account_id` text NOT NULL,
	`title` text NOT NULL,
	`house` text,
	`category` text,
	`file_name` text NOT NULL,
	`bytes` integer NOT NULL,
	`clip_id` text,
	`fault` text,
	`fault_details` text,
	`file_modified_at` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `clip_uploads_account` ON `clip_uploads` (`account_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `clip_uploads_expiry` ON `clip_uploads` (`expires_at`);
--> statement-breakpoint
CREATE TABLE `clip_upload_parts` (
	`upload_id` text NOT NULL,
	`from_byte` integer NOT NULL,
	`bytes` integer NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`upload_id`, `from_byte`)
);

--> statement-breakpoint
CREATE TABLE `screen_complaints` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`terminal_id` text NOT NULL,
	`about` text NOT NULL,
	`clip_id` text,
	`clip_title` text,
	`words` text NOT NULL,
	`at` integer NOT NULL,
	`resident_id` text,
	`receipt_hash` text,
	`answer` text,
	`answered_at` integer,
	`answered_by` text,
	`reminded_at` integer
);

--> statement-breakpoint
CREATE UNIQUE INDEX `screen_complaints_receipt` ON `screen_complaints` (`receipt_hash`);
--> statement-breakpoint
CREATE INDEX `screen_complaints_community` ON `screen_complaints` (`community_id`,`at`,`id`);
--> statement-breakpoint
CREATE INDEX `screen_complaints_terminal` ON `screen_complaints` (`terminal_id`,`at`);
--> statement-breakpoint
CREATE INDEX `screen_complaints_resident` ON `screen_complaints` (`resident_id`,`at`);
--> statement-breakpoint
CREATE INDEX `screen_complaints_open` ON `screen_complaints` (`answered_at`,`reminded_at`,`at`);
--> statement-breakpoint
CREATE TABLE `community_clip_blocks` (
	`community_id` text NOT NULL,
	`clip_id` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`complaint_id` text,
	PRIMARY KEY(`community_id`, `clip_id`)
);

--> statement-breakpoint
CREATE INDEX `community_clip_blocks_clip` ON `community_clip_blocks` (`clip_id`);
--> statement-breakpoint
CREATE TABLE `clip_names` (
	`clip` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`merchant_id` text,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `exposure_reports` (
	`campaign_id` text NOT NULL,
	`community_id` text NOT NULL,
	`at` integer NOT NULL,
	`version` integer NOT NULL,
	`made_at` integer NOT NULL,
	`rendered` integer NOT NULL,
	`viewable` integer NOT NULL,
	`completed` integer NOT NULL,
	`verified_milli_touches` integer NOT NULL,
	`panel_on` integer NOT NULL,
	`ambient` integer NOT NULL,
	`shown_ms` integer NOT NULL,
	`frames_presented` integer NOT NULL,
	`frames_dropped` integer NOT NULL,
	`filtered` text NOT NULL,
	`missing` integer NOT NULL,
	PRIMARY KEY(`campaign_id`, `community_id`, `at`, `version`)
);

--> statement-breakpoint
CREATE INDEX `exposure_reports_place` ON `exposure_reports` (`community_id`,`at`);
--> statement-breakpoint
ALTER TABLE `communities` ADD `office_phone` text;
--> statement-breakpoint
ALTER TABLE `communities` ADD `volume_cap_percent` integer DEFAULT 100 NOT NULL;
--> statement-breakpoint
ALTER TABLE `communities` ADD `complaint_hours` integer DEFAULT 24 NOT NULL;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `screen_profile` text DEFAULT 'B' NOT NULL;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `brightness_percent` integer DEFAULT 100 NOT NULL;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `dim_percent` integer DEFAULT 60 NOT NULL;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `muted_until` integer;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `media_terms` text;
--> statement-breakpoint
ALTER TABLE `terminal_presence` ADD `screen` text;
--> statement-breakpoint
ALTER TABLE `clips` ADD `category` text;
--> statement-breakpoint
ALTER TABLE `clips` ADD `findings` text;
--> statement-breakpoint
ALTER TABLE `clips` ADD `recipe` text;
--> statement-breakpoint
ALTER TABLE `clips` ADD `approved_until` integer;
--> statement-breakpoint
ALTER TABLE `clips` ADD `last_played_at` integer;
--> statement-breakpoint
ALTER TABLE `clips` ADD `files_deleted_at` integer;
--> statement-breakpoint
CREATE INDEX `clips_approved_until` ON `clips` (`status`,`approved_until`);
--> statement-breakpoint
ALTER TABLE `campaigns` ADD `cap_plays` integer;
--> statement-breakpoint
ALTER TABLE `campaigns` ADD `cap_days` integer;
--> statement-breakpoint
ALTER TABLE `plays` ADD `decision` text;
--> statement-breakpoint
ALTER TABLE `plays` ADD `panel_by` text DEFAULT 'none' NOT NULL;
--> statement-breakpoint
ALTER TABLE `plays` ADD `measured_by` text DEFAULT 'frames' NOT NULL;
--> statement-breakpoint
ALTER TABLE `plays` ADD `written_at` integer;
--> statement-breakpoint
ALTER TABLE `plays` ADD `clock_quality` text DEFAULT 'synced' NOT NULL;--> statement-breakpoint
INSERT INTO "clip_files" ("clip_id", "cut", "profile", "sha256", "bytes", "duration_ms", "width", "height", "poster_sha256")
SELECT "clips"."id", "cuts"."cut", 'B', "clips"."sha256", "clips"."bytes", "clips"."duration_ms", "clips"."width", "clips"."height", "clips"."poster_sha256"
FROM "clips" CROSS JOIN (SELECT 'door' AS "cut" UNION ALL SELECT 'lift') AS "cuts"
WHERE "clips"."sha256" IS NOT NULL AND "clips"."bytes" IS NOT NULL AND "clips"."width" IS NOT NULL AND "clips"."height" IS NOT NULL;
