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
ALTER TABLE `communities` ADD `office_phone` text;
--> statement-breakpoint
ALTER TABLE `communities` ADD `volume_cap_percent` integer DEFAULT 100 NOT NULL;
--> statement-breakpoint
ALTER TABLE `communities` ADD `complaint_hours` integer DEFAULT 24 NOT NULL;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `muted_until` integer;
--> statement-breakpoint
ALTER TABLE `terminal_presence` ADD `screen` text;