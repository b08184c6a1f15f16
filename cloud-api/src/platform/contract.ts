import { z } from 'zod';

/** Shapes that all slices share. Contract files hold only zod, so that the dashboards can take types from them. */
export const id = z.string().regex(/^[a-z]{2,5}_[0-9a-z]{20}$/);
/** UTC milliseconds; what lies beyond is no time that a calendar has. */
export const atMs = z.int().nonnegative().max(8_640_000_000_000_000);
/** A page to lead somebody back to: `javascript:` and the like would run where the payment page links to it. */
export const returnUrl = z.url({ protocol: /^https?$/ }).max(2_000);
export const amountFen = z.int().nonnegative();
/** A point on earth, WGS-84 as a phone tells it, in millionths of a degree (about 11 cm). */
export const geoPoint = z.object({
  latMicro: z.int().min(-90_000_000).max(90_000_000),
  lonMicro: z.int().min(-180_000_000).max(180_000_000),
});
export const placement = z.enum(['gate', 'unit-door', 'lift']);

/** A cursor page: `nextCursor` is null on the last one. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item).readonly(), nextCursor: z.string().nullable() });
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export const pageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});
/** The same, as a caller writes it. */
export type Paging = { cursor?: string; limit?: number };

/** RFC 9457 problem details. `code` is stable; `title` is one sentence. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  /** For `invalid-request`: where the request is wrong. */
  faults: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

export const email = z.email().max(120);
export const phone = z.string().regex(/^1[3-9]\d{9}$/);
export const name = z.string().trim().min(1).max(60);

export const accountRoles = [
  'operator',
  'property',
  'guard',
  'merchant',
  'store-staff',
  'leader',
  'supplier',
  'resident',
] as const;
