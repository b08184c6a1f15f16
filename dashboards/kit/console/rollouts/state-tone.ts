import type { Rollout, RolloutTerminal } from '@gatecast/cloud-api/client';

/** The badge of a roll-out, and of what became of it at a terminal. */
export const stateTone: Readonly<Record<Rollout['state'], string>> = {
  running: 'is-brand',
  paused: 'is-warn',
  halted: 'is-bad',
  done: 'is-good',
  cancelled: '',
  returning: 'is-warn',
  returned: '',
};
export const terminalTone: Readonly<Record<RolloutTerminal['state'], string>> = {
  waiting: '',
  sent: 'is-brand',
  away: 'is-warn',
  healthy: 'is-good',
  failed: 'is-bad',
  skipped: '',
  missed: 'is-warn',
  returned: '',
};
