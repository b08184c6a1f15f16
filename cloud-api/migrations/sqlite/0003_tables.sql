CREATE TABLE `access_schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`name` text NOT NULL,
	`windows` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `access_schedules_community` ON `access_schedules` (`community_id`,`id`);
--> statement-breakpoint
CREATE TABLE `pass_generations` (
	`community_id` text PRIMARY KEY NOT NULL,
	`generation` integer NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `learned_cards` (
	`command` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`tag` text NOT NULL,
	`format` text NOT NULL,
	`last4` text NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
ALTER TABLE `credentials` ADD `key_odd` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `duress` integer DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `open_ms` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `schedule_id` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `first_use_by` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `lasts_ms` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `card_format` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `card_last4` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `pass_id` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `host_id` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `code_no` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `generation` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `used_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `last_used_at` integer;
--> statement-breakpoint
CREATE INDEX `credentials_pass` ON `credentials` (`pass_id`);
--> statement-breakpoint
CREATE INDEX `credentials_host` ON `credentials` (`host_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_code` ON `credentials` (`community_id`,`generation`,`code_no`);