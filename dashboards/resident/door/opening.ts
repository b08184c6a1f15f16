import { ApiError, type CommandRecord } from '@gatecast/cloud-api/client';
import type { Advice } from './door-words.ts';

/** How far an opening has come. `failed` says what to do now. */
export type Opening =
  | { readonly kind: 'idle' | 'opening' | 'opened' }
  | { readonly kind: 'failed'; readonly advice: Advice };

const failed = (advice: Advice): Opening => ({ kind: 'failed', advice });

/** What became of a command, as somebody in front of the door wants to know it. */
export function openingOf({ state, reason }: Pick<CommandRecord, 'state' | 'reason'>): Opening {
  switch (state) {
    case 'EXECUTED':
      return { kind: 'opened' };
    case 'REFUSED':
      return failed(adviceOfReason[reason ?? ''] ?? 'try-again');
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

/** Why a terminal refuses what the cloud has let through. */
const adviceOfReason: Readonly<Record<string, Advice>> = {
  lockdown: 'lockdown',
  'door-offline': 'lock-offline',
};

/** Why the cloud did not send the command on its way. */
export function refusedOpening(error: unknown): Opening {
  if (!(error instanceof ApiError)) return failed('try-again');
  const { status, code } = error.problem;
  if (status === 0) return failed('no-network');
  if (status === 401) return failed('sign-in');
  return failed(adviceOfProblem[code] ?? 'try-again');
}

const adviceOfProblem: Readonly<Record<string, Advice>> = {
  'terminal-offline': 'door-offline',
  'terminal-unclaimed': 'door-offline',
  'terminal-revoked': 'door-offline',
  'door-locked-down': 'lockdown',
  'too-many-requests': 'too-often',
  'no-right-to-enter': 'not-allowed',
  forbidden: 'not-allowed',
  'not-found': 'not-allowed',
  'not-for-children': 'child',
};
