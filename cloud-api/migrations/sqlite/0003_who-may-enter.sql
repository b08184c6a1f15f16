CREATE TABLE `address_tries` (
	`address_tag` text NOT NULL,
	`kind` text NOT NULL,
	`from` integer NOT NULL,
	`tries` integer NOT NULL,
	PRIMARY KEY(`address_tag`, `kind`, `from`)
);

--> statement-breakpoint
CREATE INDEX `address_tries_from` ON `address_tries` (`from`);
--> statement-breakpoint
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
	`company_id` text,
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
CREATE TABLE `resident_imports` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`filename` text NOT NULL,
	`state` text NOT NULL,
	`rows` integer NOT NULL,
	`new_rows` integer NOT NULL,
	`changed_rows` integer NOT NULL,
	`unchanged_rows` integer NOT NULL,
	`errors` text NOT NULL,
	`error_count` integer NOT NULL,
	`done` integer NOT NULL,
	`of` integer NOT NULL,
	`account_id` text NOT NULL,
	`at` integer NOT NULL,
	`applied_at` integer
);

--> statement-breakpoint
CREATE INDEX `resident_imports_community` ON `resident_imports` (`community_id`,`at`);
--> statement-breakpoint
CREATE INDEX `resident_imports_at` ON `resident_imports` (`at`);
--> statement-breakpoint
CREATE TABLE `resident_import_rows` (
	`import_id` text NOT NULL,
	`row` integer NOT NULL,
	`change` text NOT NULL,
	`step` text NOT NULL,
	`name` text NOT NULL,
	`phone_masked` text NOT NULL,
	`phone_tag` text,
	`building` text NOT NULL,
	`unit` text NOT NULL,
	`relation` text,
	`lease_ends_on` text,
	`resident_id` text,
	`before` text,
	`revision` integer,
	`made_unit_id` text,
	PRIMARY KEY(`import_id`, `row`)
);

--> statement-breakpoint
CREATE INDEX `resident_import_rows_step` ON `resident_import_rows` (`import_id`,`step`,`row`);
--> statement-breakpoint
CREATE INDEX `resident_import_rows_resident` ON `resident_import_rows` (`resident_id`);
--> statement-breakpoint
CREATE INDEX `resident_import_rows_phone` ON `resident_import_rows` (`phone_tag`);
--> statement-breakpoint
CREATE TABLE `holidays` (
	`community_id` text NOT NULL,
	`date` text NOT NULL,
	PRIMARY KEY(`community_id`, `date`)
);

--> statement-breakpoint
CREATE TABLE `consents` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`resident_id` text NOT NULL,
	`purpose` text NOT NULL,
	`granted` integer NOT NULL,
	`text_version` integer NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `consents_resident` ON `consents` (`resident_id`,`purpose`,`no`);
--> statement-breakpoint
CREATE TABLE `record_views` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`resident_id` text NOT NULL,
	`what` text NOT NULL,
	`account_id` text NOT NULL,
	`hour` integer NOT NULL,
	`at` integer NOT NULL,
	`role` text NOT NULL,
	`company_id` text
);

--> statement-breakpoint
CREATE UNIQUE INDEX `record_views_once` ON `record_views` (`resident_id`,`what`,`account_id`,`hour`);
--> statement-breakpoint
CREATE INDEX `record_views_resident` ON `record_views` (`resident_id`,`no`);
--> statement-breakpoint
CREATE INDEX `record_views_at` ON `record_views` (`at`);
--> statement-breakpoint
CREATE TABLE `settings_templates` (
	`id` text PRIMARY KEY NOT NULL,
	`company_id` text,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `settings_templates_company` ON `settings_templates` (`company_id`,`created_at`);
--> statement-breakpoint
CREATE TABLE `commissioning_runs` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`terminal_id` text NOT NULL,
	`started_at` integer NOT NULL,
	`started_by` text NOT NULL,
	`signed_at` integer,
	`signed_by` text,
	`signed_by_account` text,
	`items` text,
	`stale_since` integer
);

--> statement-breakpoint
CREATE INDEX `commissioning_runs_terminal` ON `commissioning_runs` (`terminal_id`,`no`);
--> statement-breakpoint
CREATE TABLE `commissioning_items` (
	`run` integer NOT NULL,
	`item` text NOT NULL,
	`seen_at` integer,
	`said` text,
	`said_at` integer,
	`said_by` text,
	`note` text,
	PRIMARY KEY(`run`, `item`)
);

--> statement-breakpoint
CREATE TABLE `access_changes` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`community_id` text NOT NULL,
	`credential_ids` text NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `access_changes_community` ON `access_changes` (`community_id`,`no`);
--> statement-breakpoint
CREATE TABLE `community_lists` (
	`community_id` text PRIMARY KEY NOT NULL,
	`build` integer NOT NULL,
	`granted` integer NOT NULL,
	`schedule_ids` text NOT NULL,
	`epoch` integer NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `listed_credentials` (
	`credential_id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`state` text NOT NULL,
	`text` text,
	`entrance_ids` text,
	`code_no` integer,
	`until` integer,
	`build` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `listed_credentials_community` ON `listed_credentials` (`community_id`,`state`,`credential_id`);
--> statement-breakpoint
CREATE INDEX `listed_credentials_build` ON `listed_credentials` (`community_id`,`build`);
--> statement-breakpoint
CREATE INDEX `listed_credentials_until` ON `listed_credentials` (`community_id`,`until`);
--> statement-breakpoint
CREATE TABLE `terminal_lists` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`sealing_key` text NOT NULL,
	`generation` integer NOT NULL,
	`first_version` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `entrance_numbers` (
	`entrance_id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`no` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `entrance_numbers_no` ON `entrance_numbers` (`community_id`,`no`);
--> statement-breakpoint
CREATE TABLE `access_schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`name` text NOT NULL,
	`windows` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `access_schedules_community` ON `access_schedules` (`community_id`,`id`);
--> statement-breakpoint
CREATE TABLE `pass_generations` (
	`community_id` text PRIMARY KEY NOT NULL,
	`generation` integer NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `learned_cards` (
	`command` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`tag` text NOT NULL,
	`format` text NOT NULL,
	`last4` text NOT NULL,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `access_retention` (
	`community_id` text PRIMARY KEY NOT NULL,
	`up_to` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `alarms` (
	`id` text PRIMARY KEY NOT NULL,
	`terminal_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`seq` integer NOT NULL,
	`community_id` text NOT NULL,
	`entrance_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`ended_at` integer,
	`open` integer NOT NULL,
	`credential_id` text,
	`acked_at` integer,
	`acked_by` text,
	`note` text
);

--> statement-breakpoint
CREATE INDEX `alarms_community` ON `alarms` (`community_id`,`open`,`at`);
--> statement-breakpoint
CREATE INDEX `alarms_kind` ON `alarms` (`community_id`,`kind`,`at`);
--> statement-breakpoint
CREATE INDEX `alarms_terminal` ON `alarms` (`terminal_id`,`kind`,`epoch`,`seq`);
--> statement-breakpoint
CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`community_id` text NOT NULL,
	`level` text NOT NULL,
	`title` text NOT NULL,
	`text` text NOT NULL,
	`entrance_ids` text,
	`from` integer NOT NULL,
	`to` integer NOT NULL,
	`ended_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `notices_community` ON `notices` (`community_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `notices_running` ON `notices` (`community_id`,`to`);
--> statement-breakpoint
CREATE TABLE `notice_deliveries` (
	`terminal_id` text NOT NULL,
	`notice_id` text NOT NULL,
	`version` integer NOT NULL,
	`end_version` integer,
	PRIMARY KEY(`terminal_id`, `notice_id`)
);

--> statement-breakpoint
CREATE INDEX `notice_deliveries_notice` ON `notice_deliveries` (`notice_id`);
--> statement-breakpoint
ALTER TABLE `audit` ADD `company_id` text;
--> statement-breakpoint
ALTER TABLE `audit` ADD `merchant_id` text;
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_company` ON `audit` (`company_id`,`at`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_merchant` ON `audit` (`merchant_id`,`at`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_actor` ON `audit` (`actor`,`at`,`id`);
--> statement-breakpoint
ALTER TABLE `events` ADD `community_id` text;
--> statement-breakpoint
ALTER TABLE `events` ADD `store_id` text;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `store_id` text;
--> statement-breakpoint
ALTER TABLE `accounts` ADD `company_id` text;
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
--> statement-breakpoint
ALTER TABLE `communities` ADD `log_days` integer DEFAULT 90 NOT NULL;
--> statement-breakpoint
ALTER TABLE `units` ADD `floor` integer;
--> statement-breakpoint
ALTER TABLE `units` ADD `place` text DEFAULT '' NOT NULL;
--> statement-breakpoint
CREATE INDEX `units_order` ON `units` (`community_id`,`place`,`id`);
--> statement-breakpoint
ALTER TABLE `residents` ADD `has_duress_pin` integer DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE `residents` ADD `relation` text DEFAULT 'owner' NOT NULL;
--> statement-breakpoint
ALTER TABLE `residents` ADD `lease_ends_on` text;
--> statement-breakpoint
ALTER TABLE `residents` ADD `state` text DEFAULT 'active' NOT NULL;
--> statement-breakpoint
ALTER TABLE `residents` ADD `moved_in_on` text;
--> statement-breakpoint
ALTER TABLE `residents` ADD `moved_out_at` integer;
--> statement-breakpoint
ALTER TABLE `residents` ADD `is_child` integer DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE `residents` ADD `guardian_id` text;
--> statement-breakpoint
ALTER TABLE `residents` ADD `open_ms` integer;
--> statement-breakpoint
ALTER TABLE `residents` ADD `revision` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `residents` ADD `place` text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE `residents` ADD `search_text` text DEFAULT '' NOT NULL;
--> statement-breakpoint
CREATE INDEX `residents_place` ON `residents` (`community_id`,`place`,`id`,`state`,`relation`,`unit_id`,`search_text`);
--> statement-breakpoint
CREATE INDEX `residents_unit` ON `residents` (`unit_id`,`state`,`community_id`);
--> statement-breakpoint
CREATE INDEX `residents_guardian` ON `residents` (`guardian_id`);
--> statement-breakpoint
CREATE INDEX `residents_lease` ON `residents` (`lease_ends_on`) WHERE "residents"."lease_ends_on" is not null;
--> statement-breakpoint
ALTER TABLE `terminal_documents` ADD `withheld` integer;
--> statement-breakpoint
ALTER TABLE `document_versions` ADD `basis` integer;
--> statement-breakpoint
ALTER TABLE `document_versions` ADD `bytes` integer;
--> statement-breakpoint
ALTER TABLE `commands` ADD `resident_id` text;
--> statement-breakpoint
CREATE INDEX `commands_resident` ON `commands` (`resident_id`,`expires_at`);
--> statement-breakpoint
ALTER TABLE `credentials` ADD `key_odd` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `duress` integer DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `open_ms` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `schedule_id` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `first_use_by` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `lasts_ms` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `card_format` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `card_last4` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `pass_id` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `host_id` text;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `code_no` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `generation` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `used_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `first_used_at` integer;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `last_used_at` integer;
--> statement-breakpoint
CREATE INDEX `credentials_label` ON `credentials` (`community_id`,`label`,`id`) WHERE "credentials"."resident_id" is null;
--> statement-breakpoint
CREATE INDEX `credentials_pass` ON `credentials` (`pass_id`);
--> statement-breakpoint
CREATE INDEX `credentials_host` ON `credentials` (`host_id`);
--> statement-breakpoint
CREATE INDEX `credentials_schedule` ON `credentials` (`schedule_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_code` ON `credentials` (`community_id`,`generation`,`code_no`);
--> statement-breakpoint
ALTER TABLE `access_deliveries` ADD `confirmed_at` integer;
--> statement-breakpoint
CREATE INDEX `access_deliveries_terminal` ON `access_deliveries` (`terminal_id`,`version`);
--> statement-breakpoint
CREATE INDEX `access_deliveries_confirmed` ON `access_deliveries` (`confirmed_at`) WHERE "access_deliveries"."confirmed_at" is not null;
--> statement-breakpoint
ALTER TABLE `access_events` ADD `resident_id` text;
--> statement-breakpoint
CREATE INDEX `access_events_kind` ON `access_events` (`terminal_id`,`kind`,`at`) WHERE "access_events"."kind" <> 'opened';
--> statement-breakpoint
CREATE INDEX `access_events_via` ON `access_events` (`terminal_id`,`via`,`at`);
--> statement-breakpoint
CREATE INDEX `access_events_person` ON `access_events` (`terminal_id`,`person`,`at`) WHERE "access_events"."person" <> 'resident';
--> statement-breakpoint
CREATE INDEX `access_events_kind_via` ON `access_events` (`terminal_id`,`kind`,`via`,`at`) WHERE "access_events"."kind" <> 'opened';
--> statement-breakpoint
CREATE INDEX `access_events_person_via` ON `access_events` (`terminal_id`,`person`,`via`,`at`) WHERE "access_events"."person" <> 'resident';
--> statement-breakpoint
CREATE INDEX `access_events_resident` ON `access_events` (`resident_id`,`at`) WHERE "access_events"."resident_id" is not null;
--> statement-breakpoint
CREATE INDEX `access_events_pass` ON `access_events` (`credential_id`,`at`) WHERE "access_events"."credential_id" is not null and "access_events"."resident_id" is null;