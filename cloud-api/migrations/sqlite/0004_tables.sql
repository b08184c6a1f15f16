ALTER TABLE `audit` ADD `company_id` text;
--> statement-breakpoint
ALTER TABLE `audit` ADD `merchant_id` text;
--> statement-breakpoint
CREATE INDEX `audit_company` ON `audit` (`company_id`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_merchant` ON `audit` (`merchant_id`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_actor` ON `audit` (`actor`,`id`);
--> statement-breakpoint
ALTER TABLE `events` ADD `community_id` text;
--> statement-breakpoint
ALTER TABLE `events` ADD `store_id` text;
--> statement-breakpoint
ALTER TABLE `commands` ADD `resident_id` text;
--> statement-breakpoint
CREATE INDEX `commands_resident` ON `commands` (`resident_id`,`expires_at`);
--> statement-breakpoint
ALTER TABLE `access_events` ADD `resident_id` text;
--> statement-breakpoint
CREATE INDEX `access_events_resident` ON `access_events` (`resident_id`,`at`);