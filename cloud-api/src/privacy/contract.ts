import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';

export const consentPurpose = z.enum([
  'personal-offers',
  'order-messages',
  'visit-join',
  'screen-pseudonym',
  'pickup-notice',
]);

/** One thing that a resident may agree to; off until they say so. */
export const consent = z.object({
  purpose: consentPurpose,
  granted: z.boolean(),
  /** When they last said so, and to which wording. */
  at: atMs.nullable(),
  textVersion: z.int().nullable(),
  currentText: z.object({ version: z.int(), zh: z.string(), en: z.string() }),
});
export type Consent = z.infer<typeof consent>;
export const consentChange = z.object({ granted: z.boolean(), textVersion: z.int().positive() });

/** Who looked at one's data: the company and the role, never a person's name. */
export const recordView = z.object({
  at: atMs,
  what: z.enum(['record', 'log', 'export']),
  /** `Harbour Property · property` */
  by: z.string(),
  company: z.string().nullable(),
  role: z.string(),
});
export type RecordView = z.infer<typeof recordView>;

/** All that is kept of one person. */
export const personalExport = z.object({
  residentId: id,
  /** `2026-11-23T07:40:00Z` */
  madeAt: z.string(),
  slices: z.array(
    z.object({
      slice: z.string(),
      sections: z.array(
        z.object({
          heading: z.object({ zh: z.string(), en: z.string() }),
          items: z.array(z.record(z.string(), z.unknown())),
        }),
      ),
    }),
  ),
});
export type PersonalExport = z.infer<typeof personalExport>;
