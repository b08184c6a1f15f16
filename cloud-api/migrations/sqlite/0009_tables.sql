ALTER TABLE `credentials` ADD `first_used_at` integer;
--> statement-breakpoint
CREATE INDEX `credentials_schedule` ON `credentials` (`schedule_id`);