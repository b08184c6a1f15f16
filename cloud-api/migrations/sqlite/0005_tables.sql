CREATE TABLE `totps` (
	`account_id` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`confirmed_at` integer,
	`used_step` integer DEFAULT 0 NOT NULL
);

--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`code_hash` text NOT NULL,
	`account_id` text NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`account_id`, `code_hash`)
);

--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`role` text NOT NULL,
	`scope_id` text,
	`store_id` text,
	`community_ids` text,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`invited_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_token` ON `invitations` (`token_hash`);
--> statement-breakpoint
CREATE INDEX `invitations_scope` ON `invitations` (`scope_id`,`id`);
--> statement-breakpoint
CREATE INDEX `invitations_expiry` ON `invitations` (`expires_at`);
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`key_hash` text NOT NULL,
	`account_id` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer
);

--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_key` ON `api_keys` (`key_hash`);
--> statement-breakpoint
CREATE INDEX `api_keys_account` ON `api_keys` (`account_id`,`id`);
--> statement-breakpoint
CREATE TABLE `suppliers` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
ALTER TABLE `accounts` ADD `store_id` text;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `community_ids` text;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `state` text DEFAULT 'active' NOT NULL;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `last_seen_at` integer;
--> statement-breakpoint
CREATE INDEX `accounts_scope` ON `accounts` (`scope_id`,`id`);
--> statement-breakpoint
ALTER TABLE `sessions` ADD `last_seen_at` integer;
--> statement-breakpoint
ALTER TABLE `sessions` ADD `device` text DEFAULT '' NOT NULL;
--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account_id`);