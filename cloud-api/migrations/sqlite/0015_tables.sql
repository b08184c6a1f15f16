DROP INDEX `residents_unit`;
--> statement-breakpoint
CREATE INDEX `residents_unit` ON `residents` (`unit_id`,`state`,`community_id`);