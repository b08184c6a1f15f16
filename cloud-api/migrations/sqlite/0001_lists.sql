CREATE INDEX `orders_created` ON `orders` (`created_at`,`id`);
--> statement-breakpoint
CREATE INDEX `payments_status` ON `payments` (`status`,`created_at`);