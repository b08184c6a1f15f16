CREATE TABLE `clip_files` (
	`clip_id` text NOT NULL,
	`cut` text NOT NULL,
	`profile` text NOT NULL,
	`sha256` text NOT NULL,
	`bytes` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`poster_sha256` text,
	PRIMARY KEY(`clip_id`, `cut`, `profile`)
);

--> statement-breakpoint
CREATE INDEX `clip_files_sha256` ON `clip_files` (`sha256`);
--> statement-breakpoint
CREATE TABLE `clip_reviews` (
	`id` text PRIMARY KEY NOT NULL,
	`clip_id` text NOT NULL,
	`at` integer NOT NULL,
	`step` text NOT NULL,
	`account_id` text,
	`reason` text,
	`note` text,
	`facts` text
);

--> statement-breakpoint
CREATE INDEX `clip_reviews_clip` ON `clip_reviews` (`clip_id`,`at`);
--> statement-breakpoint
CREATE TABLE `permits` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`category` text NOT NULL,
	`number` text NOT NULL,
	`file_sha256` text NOT NULL,
	`file_type` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer NOT NULL,
	`status` text NOT NULL,
	`note` text,
	`decided_by` text,
	`decided_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `permits_merchant` ON `permits` (`merchant_id`,`category`);
--> statement-breakpoint
CREATE INDEX `permits_status` ON `permits` (`status`,`created_at`);
--> statement-breakpoint
CREATE TABLE `clip_uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`merchant_id` text,
	`account_id` text NOT NULL,
	`title` text NOT NULL,
	`house` text,
	`category` text,
	`file_name` text NOT NULL,
	`bytes` integer NOT NULL,
	`clip_id` text,
	`fault` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `clip_uploads_account` ON `clip_uploads` (`account_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `clip_uploads_expiry` ON `clip_uploads` (`expires_at`);
--> statement-breakpoint
ALTER TABLE `terminals` ADD `screen_profile` text DEFAULT 'B' NOT NULL;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `brightness_percent` integer DEFAULT 100 NOT NULL;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `dim_percent` integer DEFAULT 60 NOT NULL;
--> statement-breakpoint
ALTER TABLE `clips` ADD `category` text;
--> statement-breakpoint
ALTER TABLE `clips` ADD `findings` text;
--> statement-breakpoint
ALTER TABLE `clips` ADD `recipe` text;
--> statement-breakpoint
ALTER TABLE `clips` ADD `approved_until` integer;
--> statement-breakpoint
ALTER TABLE `clips` ADD `last_played_at` integer;
--> statement-breakpoint
ALTER TABLE `clips` ADD `files_deleted_at` integer;
--> statement-breakpoint
CREATE INDEX `clips_approved_until` ON `clips` (`status`,`approved_until`);--> statement-breakpoint
INSERT INTO "clip_files" ("clip_id", "cut", "profile", "sha256", "bytes", "duration_ms", "width", "height", "poster_sha256")
SELECT "clips"."id", "cuts"."cut", 'B', "clips"."sha256", "clips"."bytes", "clips"."duration_ms", "clips"."width", "clips"."height", "clips"."poster_sha256"
FROM "clips" CROSS JOIN (SELECT 'door' AS "cut" UNION ALL SELECT 'lift') AS "cuts"
WHERE "clips"."sha256" IS NOT NULL AND "clips"."bytes" IS NOT NULL AND "clips"."width" IS NOT NULL AND "clips"."height" IS NOT NULL;
