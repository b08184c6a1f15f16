CREATE TABLE `payment_troubles` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject_no` text NOT NULL,
	`payment_id` text,
	`amount_fen` integer NOT NULL,
	`expected_fen` integer,
	`merchant_no` text,
	`reason` text,
	`at` integer NOT NULL,
	`ended_at` integer,
	`ended_by` text,
	`ending` text,
	`note` text
);

--> statement-breakpoint
CREATE UNIQUE INDEX `payment_troubles_subject` ON `payment_troubles` (`kind`,`subject_no`);
--> statement-breakpoint
CREATE INDEX `payment_troubles_open` ON `payment_troubles` (`ended_at`,`at`);
--> statement-breakpoint
CREATE INDEX `payment_troubles_at` ON `payment_troubles` (`at`,`id`);
--> statement-breakpoint
ALTER TABLE `receipts` ADD `held_by` text;
--> statement-breakpoint
ALTER TABLE `receipts` ADD `refund_wanted_at` integer;
--> statement-breakpoint
CREATE INDEX `receipts_refund` ON `receipts` (`refund`,`refund_no`);