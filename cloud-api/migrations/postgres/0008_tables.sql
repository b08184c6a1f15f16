CREATE TABLE "clip_upload_parts" (
	"upload_id" text NOT NULL,
	"from_byte" bigint NOT NULL,
	"bytes" integer NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "clip_upload_parts_upload_id_from_byte_pk" PRIMARY KEY("upload_id","from_byte")
);

--> statement-breakpoint
ALTER TABLE "clip_uploads" ADD COLUMN "fault_details" json;
--> statement-breakpoint
ALTER TABLE "clip_uploads" ADD COLUMN "file_modified_at" bigint;