CREATE TABLE `clip_upload_parts` (
	`upload_id` text NOT NULL,
	`from_byte` integer NOT NULL,
	`bytes` integer NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`upload_id`, `from_byte`)
);

--> statement-breakpoint
ALTER TABLE `clip_uploads` ADD `fault_details` text;
--> statement-breakpoint
ALTER TABLE `clip_uploads` ADD `file_modified_at` integer;