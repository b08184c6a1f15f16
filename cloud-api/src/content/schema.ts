import type { Columns } from '../platform/db/columns.ts';
import type { Category } from './categories.ts';
import type { Clip, ClipStatus } from './contract.ts';
import type { Cut, ScreenProfile } from './cuts.ts';
import type { Finding } from './checks.ts';
import type { PermitStatus, ScanType } from './permit-contract.ts';

export function makeContentTables(c: Columns) {
  return {
    clips: c.table(
      'clips',
      {
        id: c.text().primaryKey(),
        /** Null: the operator's own, for the house list. */
        merchantId: c.text(),
        title: c.text().notNull(),
        house: c.text<NonNullable<Clip['house']>>(),
        status: c.text<ClipStatus>().notNull(),
        progressPercent: c.int().notNull(),
        reason: c.text(),
        note: c.text(),
        /** The file as it was uploaded. */
        sourceSha256: c.text().notNull(),
        sourceBytes: c.big().notNull(),
        sourceWidth: c.int().notNull(),
        sourceHeight: c.int().notNull(),
        sourceHasAudio: c.bool().notNull(),
        sourceConforms: c.bool().notNull(),
        durationMs: c.big().notNull(),
        /** As somebody looks at it in a console: its longest file for the smaller screens. */
        sha256: c.text(),
        bytes: c.big(),
        width: c.int(),
        height: c.int(),
        posterSha256: c.text(),
        /** What it advertises: decides which checks and documents its review needs. Null until the merchant says. */
        category: c.text<Category>(),
        /** What the automatic checks found; null before they ran. */
        findings: c.json<readonly Finding[]>(),
        /** Null: made from an upload. Else what the maker made it from: template, line, price, photos by SHA-256. */
        recipe: c.json<Record<string, unknown>>(),
        /** After it an approved clip expires; null for house clips and what was approved before this was kept. */
        approvedUntil: c.at(),
        /** Start of the last half-hour in which a screen played it. Files and history are kept three years from it. */
        lastPlayedAt: c.at(),
        /** Its files were deleted after that; name and history stay. */
        filesDeletedAt: c.at(),
        /** Which reviewer looks at it, and until when nobody else decides on it. */
        reviewerId: c.text(),
        reviewUntil: c.at(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('clips_merchant').on(t.merchantId, t.createdAt),
        c.index('clips_status').on(t.status, t.createdAt),
        c.index('clips_sha256').on(t.sha256),
        c.index('clips_approved_until').on(t.status, t.approvedUntil),
      ],
    ),
    /** What the screens play: a file for each cut and profile. */
    clipFiles: c.table(
      'clip_files',
      {
        clipId: c.text().notNull(),
        cut: c.text<Cut>().notNull(),
        profile: c.text<ScreenProfile>().notNull(),
        sha256: c.text().notNull(),
        bytes: c.big().notNull(),
        durationMs: c.big().notNull(),
        width: c.int().notNull(),
        height: c.int().notNull(),
        posterSha256: c.text(),
        /** Null: made before screens had stills, which then do without. */
        posterBytes: c.big(),
      },
      (t) => [
        c.primaryKey({ columns: [t.clipId, t.cut, t.profile] }),
        c.index('clip_files_sha256').on(t.sha256),
        c.index('clip_files_poster').on(t.posterSha256),
      ],
    ),
    ...makeReviewTables(c),
    ...makeUploadTables(c),
  };
}

function makeReviewTables(c: Columns) {
  return {
    /** Every step of a clip's review, never changed. */
    clipReviews: c.table(
      'clip_reviews',
      {
        id: c.text().primaryKey(),
        clipId: c.text().notNull(),
        at: c.at().notNull(),
        step: c
          .text<'submitted' | 'checked' | 'approved' | 'rejected' | 'taken-down' | 'expired' | 'withdrawn'>()
          .notNull(),
        /** Account that did it; null: the platform itself. */
        accountId: c.text(),
        reason: c.text(),
        note: c.text(),
        /** What the reviewer ticked, and what the automatic checks had found. */
        facts: c.json<Record<string, unknown>>(),
      },
      (t) => [c.index('clip_reviews_clip').on(t.clipId, t.at)],
    ),
    /** A merchant's permit to advertise a restricted category. */
    permits: c.table(
      'permits',
      {
        id: c.text().primaryKey(),
        merchantId: c.text().notNull(),
        category: c.text<Category>().notNull(),
        number: c.text().notNull(),
        /** Scan of it, a picture or a PDF. */
        fileSha256: c.text().notNull(),
        fileType: c.text<ScanType>().notNull(),
        validFrom: c.at().notNull(),
        validTo: c.at().notNull(),
        status: c.text<PermitStatus>().notNull(),
        /** Stable code: why it was refused or withdrawn. */
        reason: c.text(),
        note: c.text(),
        decidedBy: c.text(),
        decidedAt: c.at(),
        /** The scan was deleted then; number, validity and decision stay. */
        fileDeletedAt: c.at(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.index('permits_merchant').on(t.merchantId, t.category),
        c.index('permits_status').on(t.status, t.createdAt),
      ],
    ),
    /** Categories that no screen of a community shows, by the operator's word. */
    declinedCategories: c.table(
      'declined_categories',
      {
        communityId: c.text().notNull(),
        category: c.text<Category>().notNull(),
        accountId: c.text().notNull(),
        at: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.communityId, t.category] })],
    ),
  };
}

function makeUploadTables(c: Columns) {
  return {
    /** Photos that a clip may be made from, each as its owner brought it: upright, without its metadata, not larger than a screen needs. */
    clipPhotos: c.table(
      'clip_photos',
      {
        /** Of the merchant, or `operator`. */
        owner: c.text().notNull(),
        sha256: c.text().notNull(),
        width: c.int().notNull(),
        height: c.int().notNull(),
        bytes: c.big().notNull(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.owner, t.sha256] }),
        c.index('clip_photos_sha256').on(t.sha256),
        c.index('clip_photos_created').on(t.createdAt),
      ],
    ),
    /** Uploads that are under way: what came so far lies on the desk. */
    clipUploads: c.table(
      'clip_uploads',
      {
        id: c.text().primaryKey(),
        /** Null: the operator's. */
        merchantId: c.text(),
        accountId: c.text().notNull(),
        title: c.text().notNull(),
        house: c.text<NonNullable<Clip['house']>>(),
        category: c.text<Category>(),
        fileName: c.text().notNull(),
        bytes: c.big().notNull(),
        /** The clip that it became; null while bytes are missing. */
        clipId: c.text(),
        /** Code of why it was refused. */
        fault: c.text(),
        /** What belongs to that code: how long it was, which codec. */
        faultDetails: c.json<Readonly<Record<string, unknown>>>(),
        /** As the phone says, so that another file of the same name and size is not taken for the rest of this one. */
        fileModifiedAt: c.at(),
        /** `Upload-Metadata` as the client sent it, told again to whoever goes on; null of uploads from before it was kept. */
        metadata: c.text(),
        createdAt: c.at().notNull(),
        expiresAt: c.at().notNull(),
      },
      (t) => [
        c.index('clip_uploads_account').on(t.accountId, t.createdAt),
        c.index('clip_uploads_expiry').on(t.expiresAt),
      ],
    ),
    /**
     * The pieces of an upload that are on the desk, never changed. Two requests that send from the same byte, in whichever process, meet in the key:
     * one piece is taken, the other is refused, and no lock is needed.
     */
    clipUploadParts: c.table(
      'clip_upload_parts',
      {
        uploadId: c.text().notNull(),
        fromByte: c.big().notNull(),
        bytes: c.int().notNull(),
        /** Its name on the desk. */
        name: c.text().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.uploadId, t.fromByte] })],
    ),
  };
}
