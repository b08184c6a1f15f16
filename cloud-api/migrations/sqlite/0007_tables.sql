CREATE TABLE `declined_categories` (
	`community_id` text NOT NULL,
	`category` text NOT NULL,
	`account_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`community_id`, `category`)
);

--> statement-breakpoint
ALTER TABLE `permits` ADD `reason` text;
--> statement-breakpoint
ALTER TABLE `permits` ADD `file_deleted_at` integer;