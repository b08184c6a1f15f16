import { z } from 'zod';
import { atMs, id, pageQuery } from '../platform/contract.ts';
import { categories } from './categories.ts';

/** `withdrawn`: it was accepted and no longer counts. */
export const permitStatuses = ['waiting', 'accepted', 'refused', 'withdrawn'] as const;
export type PermitStatus = (typeof permitStatuses)[number];
const permitStatus = z.enum(permitStatuses);

/** UTC milliseconds in an address. */
const moment = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** `POST /v1/permits?category=…&number=…&validFrom=…&validTo=…` with the scan as body. */
export const permitQuery = z.object({
  category: z.enum(categories),
  number: z.string().trim().min(3).max(80),
  validFrom: moment,
  validTo: moment,
});
export const permitBytesMax = 10 * 1024 * 1024;

/** Kinds of scan, by what their first bytes are. */
export const scanTypes = ['image/jpeg', 'image/png', 'application/pdf'] as const;
export type ScanType = (typeof scanTypes)[number];

/** A merchant's permit to advertise a restricted category. */
export const permit = z.object({
  id,
  merchantId: id,
  merchantName: z.string().nullable(),
  category: z.enum(categories),
  number: z.string(),
  validFrom: atMs,
  validTo: atMs,
  status: permitStatus,
  /** Stable code: why it was refused or withdrawn. */
  reason: z.string().nullable(),
  note: z.string().nullable(),
  decidedAt: atMs.nullable(),
  fileType: z.enum(scanTypes),
  /** Signed for an hour; null once the scan was deleted. */
  fileUrl: z.string().nullable(),
  createdAt: atMs,
});
export type Permit = z.infer<typeof permit>;

export const permitsQuery = pageQuery.extend({ status: permitStatus.optional(), merchantId: id.optional() });

export const permitReasons = [
  'unreadable',
  'not-theirs',
  'wrong-category',
  'out-of-date',
  'not-found-at-office',
  'other',
] as const;
/** Why a permit is refused, or no longer counts. */
export const permitRefusal = z.object({ reason: z.enum(permitReasons), note: z.string().trim().max(300) });
