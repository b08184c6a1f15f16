ALTER TABLE `deals` ADD `kind` text DEFAULT 'goods' NOT NULL;
--> statement-breakpoint
ALTER TABLE `deals` ADD `mode` text DEFAULT 'group' NOT NULL;
--> statement-breakpoint
ALTER TABLE `deals` ADD `guaranteed` integer DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE `deals` ADD `min_units` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `deals` ADD `min_people` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `deals` ADD `tiers` text;
--> statement-breakpoint
ALTER TABLE `deals` ADD `pack_units` integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE `deals` ADD `outcome` text;
--> statement-breakpoint
ALTER TABLE `deals` ADD `final_price_fen` integer;
--> statement-breakpoint
ALTER TABLE `deals` ADD `decided_at` integer;
--> statement-breakpoint
ALTER TABLE `deals` ADD `settled_at` integer;
--> statement-breakpoint
CREATE INDEX `deals_due` ON `deals` (`mode`,`settled_at`,`closes_at`);
--> statement-breakpoint
ALTER TABLE `orders` ADD `extra_units` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `orders` ADD `got_units` integer;
--> statement-breakpoint
ALTER TABLE `orders` ADD `back_fen` integer DEFAULT 0 NOT NULL;