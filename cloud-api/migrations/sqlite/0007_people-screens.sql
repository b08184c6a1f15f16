CREATE TABLE `people_screens` (
	`booking_id` text NOT NULL,
	`community_id` text NOT NULL,
	`terminal_id` text NOT NULL,
	`gone` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`booking_id`, `community_id`, `terminal_id`)
);

--> statement-breakpoint
CREATE INDEX `people_screens_terminal` ON `people_screens` (`terminal_id`);