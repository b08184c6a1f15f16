import { NO_DATA } from '../frame/frame.ts';
import { NAK } from '../messages/codes.ts';
import type { PayloadFault } from '../messages/payload.ts';
import type { Reply } from '../messages/replies.ts';

/** A refusal without details (spec 7.3). */
export function nak(error: number): Reply {
  return { kind: 'nak', error, details: NO_DATA };
}

/** Which refusal tells the panel why its command could not be read. */
export const PAYLOAD_FAULT_NAK = {
  'unknown-code': NAK.unknownCommand,
  length: NAK.length,
  value: NAK.cannotProcess,
} as const satisfies Record<PayloadFault, number>;
