CREATE TABLE `command_files` (
	`command_id` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`kind` text NOT NULL,
	`bytes` blob NOT NULL,
	`size` integer NOT NULL,
	`at` integer NOT NULL,
	`kept_until` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `command_files_terminal` ON `command_files` (`terminal_id`,`kind`,`at`);
--> statement-breakpoint
CREATE INDEX `command_files_end` ON `command_files` (`kept_until`);
--> statement-breakpoint
ALTER TABLE `commands` ADD `options` text;
--> statement-breakpoint
ALTER TABLE `commands` ADD `actor_role` text;
--> statement-breakpoint
ALTER TABLE `commands` ADD `queued_at` integer;
--> statement-breakpoint
CREATE INDEX `commands_list` ON `commands` (`terminal_id`,`queued_at`,`id`);