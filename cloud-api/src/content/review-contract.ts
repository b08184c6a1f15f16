import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';
import { categories } from './categories.ts';

export const category = z.enum(categories);

/** What an automatic check found; `words` stand in the advert, or name other clips. */
export const finding = z.object({
  code: z.string(),
  /** Of the law: `AL 9 (3)`. */
  article: z.string().optional(),
  words: z.array(z.string()).readonly().optional(),
});

export const rejectionReasons = [
  'misleading',
  'banned-goods',
  'quality',
  'rights',
  'absolute-words',
  'health-claims',
  'gain-promises',
  'permit-missing',
  'wrong-category',
  'unclear-terms',
  'indecent',
  'other',
] as const;
export const takeDownReasons = [
  'complaint',
  'authority',
  'permit-gone',
  'approved-by-mistake',
  'advertiser-asked',
  'other',
] as const;
const note = z.string().trim().max(300);
export const rejection = z.object({ reason: z.enum(rejectionReasons), note });
export const takingDown = z.object({ reason: z.enum(takeDownReasons), note });

/**
 * A person's yes. Without a body nothing was ticked, and it lasts a year. That is enough only for a clip that names no category and of which the checks found
 * nothing against the law: it counts as everyday goods, as before there were categories.
 */
export const approval = z
  .object({
    category: category.optional(),
    /** Items of the category's checklist. */
    ticked: z.array(z.string().max(40)).max(40).optional(),
    /** The clip expires then; an advert never later than its permit, nor in more than a year. */
    until: atMs.optional(),
    note: note.optional(),
  })
  .optional();

export const clipPatch = z.object({ category });

/** One step of a clip's review. */
export const reviewStep = z.object({
  id,
  clipId: id,
  at: atMs,
  step: z.enum(['submitted', 'checked', 'approved', 'rejected', 'taken-down', 'expired', 'withdrawn']),
  /** Name of the person, for the operator; null: the platform itself, or not for the caller's eyes. */
  by: z.string().nullable(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  /** What the checks had found by then. */
  findings: z.array(finding).readonly().nullable(),
  /** What the reviewer ticked; null: nothing was asked or ticked. */
  ticked: z.array(z.string()).readonly().nullable(),
  until: atMs.nullable(),
});
export type ReviewStep = z.infer<typeof reviewStep>;

/** On how many screens' lists of media a clip is, as far as they told. A list is not the file: that comes after it, and goes with it. */
export const clipScreens = z.object({
  /** The version of the media that they have in force names it. */
  having: z.int(),
  /** Of those: not connected at the moment. */
  havingOffline: z.int(),
  /** Have been away for so long that it is not known; what was signed for them ends at `until` at the latest. */
  unknown: z.int(),
  until: atMs.nullable(),
});
export type ClipScreens = z.infer<typeof clipScreens>;

/** What may be advertised, with what comes of it; the same for everybody. */
export const categoryInfo = z.object({
  category,
  standing: z.enum(['open', 'restricted', 'banned']),
  needsPermit: z.boolean(),
  /** Never shown in the hours in which a community says that children pass. */
  notForChildren: z.boolean(),
  checklist: z.array(z.string()).readonly(),
  sources: z.array(z.string()).readonly(),
});
export type CategoryInfo = z.infer<typeof categoryInfo>;

export const declinedCategories = z.object({ categories: z.array(category).max(categories.length) });
