CREATE TABLE `ad_pseudonyms` (
	`resident_id` text PRIMARY KEY NOT NULL,
	`pseudonym` text NOT NULL
);

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
ALTER TABLE `plays` ADD `clock_quality` text DEFAULT 'synced' NOT NULL;