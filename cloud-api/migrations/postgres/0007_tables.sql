CREATE TABLE "declined_categories" (
	"community_id" text NOT NULL,
	"category" text NOT NULL,
	"account_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "declined_categories_community_id_category_pk" PRIMARY KEY("community_id","category")
);

--> statement-breakpoint
ALTER TABLE "permits" ADD COLUMN "reason" text;
--> statement-breakpoint
ALTER TABLE "permits" ADD COLUMN "file_deleted_at" bigint;