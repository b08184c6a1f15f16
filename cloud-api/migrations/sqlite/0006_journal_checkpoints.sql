CREATE TABLE `journal_checkpoints` (
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	`checkpoint` text NOT NULL,
	PRIMARY KEY(`terminal_id`, `epoch`, `stream`, `seq`)
);

--> statement-breakpoint
CREATE TABLE `journal_disputes` (
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	`fault` text NOT NULL,
	`shown_seq` integer NOT NULL,
	`shown_hash` text NOT NULL,
	`proof` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`terminal_id`, `epoch`, `stream`, `seq`, `shown_hash`)
);

--> statement-breakpoint
ALTER TABLE `journal_heads` ADD `checkpoint` text;
--> statement-breakpoint
ALTER TABLE `journal_heads` ADD `kept_seq` integer;
--> statement-breakpoint
ALTER TABLE `journal_heads` ADD `kept_at` integer;