import { ApiError, type CommandRecord } from '@gatecast/cloud-api/client';
import type { Messages } from '../messages/zh.ts';

export type Failure = keyof Messages['failed'];
/** `asked`: pressed once, a second press opens. */
export type DoorOpening =
  | { readonly kind: 'idle' | 'asked' | 'opening' | 'opened' }
  | { readonly kind: 'failed'; readonly failure: Failure };

const failed = (failure: Failure): DoorOpening => ({ kind: 'failed', failure });

/** What became of a command. */
export function openingOf({ state, reason }: Pick<CommandRecord, 'state' | 'reason'>): DoorOpening {
  switch (state) {
    case 'EXECUTED':
      return { kind: 'opened' };
    case 'REFUSED':
      return failed(reason === 'door-offline' ? 'lock' : 'refused');
    case 'EXPIRED':
      return failed('late');
    case 'UNKNOWN':
      return failed('unsure');
    case 'QUEUED':
    case 'SENT':
    case 'RECEIVED':
      return { kind: 'opening' };
  }
}

/** Why the cloud did not send it. */
export function refusedOpening(error: unknown): DoorOpening {
  if (!(error instanceof ApiError)) return failed('refused');
  const { status, code } = error.problem;
  if (status === 0) return failed('offline');
  if (code === 'terminal-offline') return failed('away');
  return failed(code === 'too-many-requests' ? 'often' : 'refused');
}
