CREATE TABLE `releases` (
	`id` text PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`model` text NOT NULL,
	`signed` text NOT NULL,
	`archive_sha256` text NOT NULL,
	`archive_bytes` integer NOT NULL,
	`download` text NOT NULL,
	`notes` text NOT NULL,
	`withdrawn_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `releases_version` ON `releases` (`model`,`version`);
--> statement-breakpoint
CREATE INDEX `releases_archive` ON `releases` (`archive_sha256`);
--> statement-breakpoint
CREATE TABLE `release_assignments` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`release_id` text NOT NULL,
	`document_version` integer NOT NULL,
	`assigned_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `release_assignments_release` ON `release_assignments` (`release_id`,`terminal_id`);
--> statement-breakpoint
ALTER TABLE `terminals` ADD `protocol` integer;
--> statement-breakpoint
ALTER TABLE `terminal_documents` ADD `outcome` text;
--> statement-breakpoint
ALTER TABLE `notice_deliveries` ADD `kind` text DEFAULT 'plan' NOT NULL;