CREATE TABLE `address_tries` (
	`address_tag` text NOT NULL,
	`kind` text NOT NULL,
	`from` integer NOT NULL,
	`tries` integer NOT NULL,
	PRIMARY KEY(`address_tag`, `kind`, `from`)
);

--> statement-breakpoint
CREATE INDEX `address_tries_from` ON `address_tries` (`from`);
--> statement-breakpoint
DROP INDEX `alarms_terminal`;
--> statement-breakpoint
CREATE INDEX `alarms_terminal` ON `alarms` (`terminal_id`,`kind`,`epoch`,`seq`);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `company_id` text;
--> statement-breakpoint
ALTER TABLE `invitations` ADD `company_id` text;