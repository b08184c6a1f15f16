import { z } from 'zod';
import type { InstantMs } from '../units/time.ts';
import { isZone } from '../units/zone.ts';

/** Fields that several messages share. */
/** The brand is the type checker's alone, so nothing happens to the number: a transform would cost each journal row its own call. */
export const instantMs = z.int().nonnegative() as unknown as z.ZodType<InstantMs, number>;
export const durationMs = z.int().nonnegative();
export const terminalId = z.templateLiteral(['term_', z.string().regex(/^[0-9a-z]{20}$/)]);
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
export const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);
/** Names of entrances, campaigns and the like: an id made by the cloud. */
export const cloudId = z.string().regex(/^[a-z]{3,4}_[0-9a-z]{20}$/);
/** An IANA zone that this machine knows: another could not be shown a time in, and fails in the middle of something else. */
export const zoneName = z.string().max(60).refine(isZone, 'not a time zone that this machine knows');
/** `2026-10-01`, in the zone of what it belongs to. */
export const localDate = z.iso.date();
export const minuteOfDay = z.int().min(0).max(1439);
export const dailyWindow = z.object({ fromMinute: minuteOfDay, toMinute: minuteOfDay });

/** Where a touch can happen; the three are reported apart and never summed as people. */
export const placement = z.enum(['gate', 'unit-door', 'lift']);
export type Placement = z.infer<typeof placement>;

/** Whom a credential lets in. Only residents and visitors make a billable touch. */
export const personClass = z.enum(['resident', 'visitor', 'child', 'staff', 'courier', 'maintenance', 'emergency']);
export type PersonClass = z.infer<typeof personClass>;

/** Groups of people that adverts are for; `all` is everybody. */
export const segment = z.enum(['all', 'families', 'commuters', 'elderly', 'night']);
export type Segment = z.infer<typeof segment>;
/** Those that somebody can say they belong to. */
export const ownGroup = segment.exclude(['all', 'night']);
export type OwnGroup = z.infer<typeof ownGroup>;
