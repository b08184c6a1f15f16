CREATE TABLE `terminal_offers` (
	`id` text PRIMARY KEY NOT NULL,
	`identity_key` text NOT NULL,
	`sealing_key` text NOT NULL,
	`model` text NOT NULL,
	`agent_version` text NOT NULL,
	`code_hash` text,
	`code_made_at` integer NOT NULL,
	`address_tag` text,
	`asked_at` integer NOT NULL,
	`shown` text,
	`community_id` text,
	`company_id` text,
	`seen_at` integer
);

--> statement-breakpoint
CREATE UNIQUE INDEX `terminal_offers_identity` ON `terminal_offers` (`identity_key`);
--> statement-breakpoint
CREATE UNIQUE INDEX `terminal_offers_code` ON `terminal_offers` (`code_hash`);
--> statement-breakpoint
CREATE INDEX `terminal_offers_asked` ON `terminal_offers` (`asked_at`);
--> statement-breakpoint
CREATE INDEX `terminal_offers_address` ON `terminal_offers` (`address_tag`);
--> statement-breakpoint
CREATE TABLE `offer_tries` (
	`party` text NOT NULL,
	`from` integer NOT NULL,
	`tries` integer NOT NULL,
	PRIMARY KEY(`party`, `from`)
);

--> statement-breakpoint
CREATE TABLE `former_terminal_keys` (
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`identity_key` text NOT NULL,
	`ended_at` integer NOT NULL,
	`why` text NOT NULL,
	PRIMARY KEY(`terminal_id`, `epoch`, `identity_key`)
);

--> statement-breakpoint
CREATE INDEX `former_terminal_keys_identity` ON `former_terminal_keys` (`identity_key`);
--> statement-breakpoint
CREATE TABLE `terminal_sessions` (
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`counter` integer NOT NULL,
	`mark` text NOT NULL,
	`machine` text NOT NULL,
	`address` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`terminal_id`, `epoch`)
);

--> statement-breakpoint
CREATE TABLE `command_files` (
	`command_id` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`kind` text NOT NULL,
	`bytes` blob NOT NULL,
	`size` integer NOT NULL,
	`at` integer NOT NULL,
	`kept_until` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `command_files_terminal` ON `command_files` (`terminal_id`,`kind`,`at`);
--> statement-breakpoint
CREATE INDEX `command_files_end` ON `command_files` (`kept_until`);
--> statement-breakpoint
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
CREATE TABLE `terminal_health` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`journal_rows` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `terminal_health_backlog` ON `terminal_health` (`journal_rows`) WHERE "terminal_health"."journal_rows" > 0;
--> statement-breakpoint
CREATE TABLE `health_reports` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`report` text NOT NULL
);

--> statement-breakpoint
CREATE TABLE `terminal_issues` (
	`terminal_id` text NOT NULL,
	`issue` text NOT NULL,
	`since` integer NOT NULL,
	PRIMARY KEY(`terminal_id`, `issue`)
);

--> statement-breakpoint
CREATE INDEX `terminal_issues_issue` ON `terminal_issues` (`issue`,`terminal_id`);
--> statement-breakpoint
CREATE TABLE `health_trends` (
	`terminal_id` text NOT NULL,
	`grain` text NOT NULL,
	`from` integer NOT NULL,
	`points` text NOT NULL,
	PRIMARY KEY(`terminal_id`, `grain`, `from`)
);

--> statement-breakpoint
CREATE INDEX `health_trends_age` ON `health_trends` (`grain`,`from`);
--> statement-breakpoint
CREATE TABLE `fleet_alarms` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`severity` text NOT NULL,
	`terminal_id` text,
	`community_id` text,
	`terminals` integer NOT NULL,
	`facts` text NOT NULL,
	`since` integer NOT NULL,
	`raised_at` integer,
	`clear_since` integer,
	`ended_at` integer,
	`returns` integer NOT NULL,
	`acked_at` integer,
	`acked_by` text,
	`note` text,
	`told` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `fleet_alarms_open` ON `fleet_alarms` (`key`) WHERE "fleet_alarms"."ended_at" is null;
--> statement-breakpoint
CREATE INDEX `fleet_alarms_raised` ON `fleet_alarms` (`raised_at`,`id`);
--> statement-breakpoint
CREATE INDEX `fleet_alarms_key` ON `fleet_alarms` (`key`,`ended_at`);
--> statement-breakpoint
CREATE INDEX `fleet_alarms_terminal` ON `fleet_alarms` (`terminal_id`,`raised_at`);
--> statement-breakpoint
CREATE TABLE `alarm_silences` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text,
	`terminal_id` text,
	`community_id` text,
	`from` integer NOT NULL,
	`until` integer NOT NULL,
	`reason` text NOT NULL,
	`by` text NOT NULL
);

--> statement-breakpoint
CREATE INDEX `alarm_silences_until` ON `alarm_silences` (`until`);
--> statement-breakpoint
CREATE TABLE `alarm_channels` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`url` text,
	`phones` text NOT NULL,
	`least_severity` text NOT NULL,
	`enabled` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_at` integer,
	`last_result` text,
	`last_detail` text,
	`hour_from` integer NOT NULL,
	`sent_in_hour` integer NOT NULL,
	`held_back` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `releases` (
	`id` text PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`model` text NOT NULL,
	`signed` text NOT NULL,
	`archive_sha256` text NOT NULL,
	`archive_bytes` integer NOT NULL,
	`download` text NOT NULL,
	`notes` text NOT NULL,
	`withdrawn_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `releases_version` ON `releases` (`model`,`version`);
--> statement-breakpoint
CREATE INDEX `releases_archive` ON `releases` (`archive_sha256`);
--> statement-breakpoint
CREATE TABLE `release_assignments` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`release_id` text NOT NULL,
	`document_version` integer NOT NULL,
	`assigned_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `release_assignments_release` ON `release_assignments` (`release_id`,`terminal_id`);
--> statement-breakpoint
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
--> statement-breakpoint
ALTER TABLE `terminals` ADD `model` text;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `keys_since` integer;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `rotate_asked_at` integer;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `cloned` text;
--> statement-breakpoint
ALTER TABLE `terminals` ADD `protocol` integer;
--> statement-breakpoint
CREATE INDEX `terminals_identity` ON `terminals` (`identity_key`);
--> statement-breakpoint
ALTER TABLE `terminal_documents` ADD `outcome` text;
--> statement-breakpoint
ALTER TABLE `commands` ADD `options` text;
--> statement-breakpoint
ALTER TABLE `commands` ADD `actor_role` text;
--> statement-breakpoint
ALTER TABLE `commands` ADD `queued_at` integer;
--> statement-breakpoint
CREATE INDEX `commands_list` ON `commands` (`terminal_id`,`queued_at`,`id`);
--> statement-breakpoint
ALTER TABLE `journal_heads` ADD `checkpoint` text;
--> statement-breakpoint
ALTER TABLE `journal_heads` ADD `kept_seq` integer;
--> statement-breakpoint
ALTER TABLE `journal_heads` ADD `kept_at` integer;
--> statement-breakpoint
ALTER TABLE `notice_deliveries` ADD `kind` text DEFAULT 'plan' NOT NULL;
--> statement-breakpoint
CREATE INDEX `terminal_presence_online` ON `terminal_presence` (`online`,`last_seen_at`);