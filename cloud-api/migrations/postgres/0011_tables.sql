CREATE TABLE "access_retention" (
	"community_id" text PRIMARY KEY NOT NULL,
	"up_to" bigint NOT NULL
);
