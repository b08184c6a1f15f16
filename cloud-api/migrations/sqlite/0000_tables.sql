CREATE TABLE `keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`owner` text NOT NULL,
	`algorithm` text NOT NULL,
	`public_key` text,
	`sealed` text NOT NULL,
	`from` integer NOT NULL,
	`until` integer,
	`signed_by` text,
	`signature` text
);

--> statement-breakpoint
CREATE INDEX `keys_owner` ON `keys` (`purpose`,`owner`);
--> statement-breakpoint
CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`facts` text NOT NULL
);

--> statement-breakpoint
CREATE INDEX `audit_subject` ON `audit` (`subject`,`id`);
--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`type` text NOT NULL,
	`subject` text NOT NULL,
	`facts` text NOT NULL,
	`company_id` text,
	`merchant_id` text,
	`resident_id` text
);

--> statement-breakpoint
CREATE INDEX `events_at` ON `events` (`at`);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`actor` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`result` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`actor`, `key`)
);

--> statement-breakpoint
CREATE INDEX `idempotency_at` ON `idempotency` (`at`);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`run_at` integer NOT NULL,
	`leased_until` integer NOT NULL,
	`attempts` integer NOT NULL,
	`error` text
);

--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`state`,`kind`,`run_at`);