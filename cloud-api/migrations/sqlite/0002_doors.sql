CREATE TABLE `door_alarms` (
	`terminal_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`kind` text NOT NULL,
	`epoch` integer NOT NULL,
	`seq` integer NOT NULL,
	`active` integer NOT NULL,
	`since` integer NOT NULL,
	PRIMARY KEY(`terminal_id`, `entrance_id`, `kind`)
);

--> statement-breakpoint
ALTER TABLE `terminals` ADD `door` text;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `mode_override` text;
--> statement-breakpoint
ALTER TABLE `terminal_presence` ADD `doors` text;