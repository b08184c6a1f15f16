CREATE TABLE "people_screens" (
	"booking_id" text NOT NULL,
	"community_id" text NOT NULL,
	"terminal_id" text NOT NULL,
	"gone" boolean DEFAULT false NOT NULL,
	CONSTRAINT "people_screens_booking_id_community_id_terminal_id_pk" PRIMARY KEY("booking_id","community_id","terminal_id")
);

--> statement-breakpoint
CREATE INDEX "people_screens_terminal" ON "people_screens" USING btree ("terminal_id");