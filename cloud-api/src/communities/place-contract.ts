import { z } from 'zod';
import { id } from '../platform/contract.ts';
import { building, localDate, unitNumber } from './resident-contract.ts';

export const buildingSummary = z.object({ name: z.string(), units: z.int(), residents: z.int() });
export type Building = z.infer<typeof buildingSummary>;

export const unit = z.object({
  id,
  building: z.string(),
  number: z.string(),
  /** Which the lift releases; null: told by the number. */
  floor: z.int().nullable(),
  residents: z.int(),
});
export type Unit = z.infer<typeof unit>;

export const newUnits = z.object({ building, numbers: z.array(unitNumber).min(1).max(2_000) });
export const unitsMade = z.object({ made: z.int(), known: z.int() });
export type UnitsMade = z.infer<typeof unitsMade>;
export const unitPatch = z.object({ floor: z.int().min(-9).max(199).nullable() });

const holidaysMax = 400;
/** The days on which only the windows for holidays count. */
export const holidays = z.object({ dates: z.array(localDate).max(holidaysMax) });
export type Holidays = z.infer<typeof holidays>;
