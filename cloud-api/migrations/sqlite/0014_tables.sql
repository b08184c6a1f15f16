DROP INDEX `residents_unit`;
--> statement-breakpoint
DROP INDEX `residents_lease`;
--> statement-breakpoint
CREATE INDEX `residents_unit` ON `residents` (`unit_id`,`state`);
--> statement-breakpoint
CREATE INDEX `residents_lease` ON `residents` (`lease_ends_on`) WHERE "residents"."lease_ends_on" is not null;