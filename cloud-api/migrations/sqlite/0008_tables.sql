DROP INDEX `audit_company`;
--> statement-breakpoint
DROP INDEX `audit_merchant`;
--> statement-breakpoint
DROP INDEX `audit_actor`;
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_company` ON `audit` (`company_id`,`at`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_merchant` ON `audit` (`merchant_id`,`at`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_actor` ON `audit` (`actor`,`at`,`id`);
--> statement-breakpoint
PRAGMA foreign_keys=OFF;
--> statement-breakpoint
CREATE TABLE `__new_record_views` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`resident_id` text NOT NULL,
	`what` text NOT NULL,
	`account_id` text NOT NULL,
	`hour` integer NOT NULL,
	`at` integer NOT NULL,
	`role` text NOT NULL,
	`company_id` text
);

--> statement-breakpoint
INSERT INTO `__new_record_views`("resident_id", "what", "account_id", "hour", "at", "role", "company_id") SELECT "resident_id", "what", "account_id", "hour", "at", "role", "company_id" FROM `record_views`;
--> statement-breakpoint
DROP TABLE `record_views`;
--> statement-breakpoint
ALTER TABLE `__new_record_views` RENAME TO `record_views`;
--> statement-breakpoint
PRAGMA foreign_keys=ON;
--> statement-breakpoint
CREATE UNIQUE INDEX `record_views_once` ON `record_views` (`resident_id`,`what`,`account_id`,`hour`);
--> statement-breakpoint
CREATE INDEX `record_views_resident` ON `record_views` (`resident_id`,`no`);
--> statement-breakpoint
CREATE INDEX `record_views_at` ON `record_views` (`at`);