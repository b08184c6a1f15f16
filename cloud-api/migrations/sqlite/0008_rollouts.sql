CREATE TABLE `rollouts` (
	`id` text PRIMARY KEY NOT NULL,
	`company_id` text,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`subject_name` text NOT NULL,
	`settings` text,
	`criteria` text NOT NULL,
	`sizes` text NOT NULL,
	`state` text NOT NULL,
	`halt` text,
	`forgiven` integer NOT NULL,
	`stage` integer NOT NULL,
	`stage_started_at` integer NOT NULL,
	`stage_done_at` integer,
	`created_at` integer NOT NULL,
	`ended_at` integer
);

--> statement-breakpoint
CREATE INDEX `rollouts_company` ON `rollouts` (`company_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `rollouts_state` ON `rollouts` (`state`);
--> statement-breakpoint
CREATE TABLE `rollout_terminals` (
	`rollout_id` text NOT NULL,
	`terminal_id` text NOT NULL,
	`stage` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`at` integer NOT NULL,
	`version` integer,
	`due_from` integer,
	`troubles` text,
	`before` text,
	PRIMARY KEY(`rollout_id`, `terminal_id`)
);

--> statement-breakpoint
CREATE INDEX `rollout_terminals_state` ON `rollout_terminals` (`rollout_id`,`state`,`stage`);
--> statement-breakpoint
CREATE TABLE `rollout_holds` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`rollout_id` text NOT NULL
);

--> statement-breakpoint
CREATE INDEX `rollout_holds_rollout` ON `rollout_holds` (`rollout_id`);
--> statement-breakpoint
CREATE TABLE `terminal_tags` (
	`terminal_id` text NOT NULL,
	`tag` text NOT NULL,
	PRIMARY KEY(`terminal_id`, `tag`)
);

--> statement-breakpoint
CREATE INDEX `terminal_tags_tag` ON `terminal_tags` (`tag`);