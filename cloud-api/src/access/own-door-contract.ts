import { doorMode } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, placement } from '../platform/contract.ts';
import { accessEvent } from './contract.ts';

/** A door that a resident may open from afar. */
export const ownDoor = z.object({
  entranceId: id,
  name: z.string(),
  placement,
  /** Whether its terminal answers now. */
  online: z.boolean(),
  /** In its terminal's last words; null before the first. */
  mode: doorMode.nullable(),
});
export type OwnDoor = z.infer<typeof ownDoor>;

/** A row of the resident's own access log. */
export const ownRecord = z.object({
  at: atMs,
  entranceName: z.string(),
  kind: z.enum(['opened', 'refused']),
  via: accessEvent.shape.via,
  reason: z.string().nullable(),
});
export type OwnRecord = z.infer<typeof ownRecord>;
