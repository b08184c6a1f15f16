CREATE TABLE `clip_photos` (
	`owner` text NOT NULL,
	`sha256` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`bytes` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`owner`, `sha256`)
);

--> statement-breakpoint
CREATE INDEX `clip_photos_sha256` ON `clip_photos` (`sha256`);
--> statement-breakpoint
CREATE INDEX `clip_photos_created` ON `clip_photos` (`created_at`);