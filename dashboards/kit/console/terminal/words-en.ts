import type { TerminalWords } from './words-zh.ts';

export const terminalWordsEn = {
  online: 'All well',
  offline: 'Offline',
  doorOffline: 'Lock unreachable',
  alarmed: 'Alarm',
  unclaimed: 'Not claimed yet',
  revoked: 'Out of service',
  offlineHint: 'Codes still open the door; the log catches up later.',
  doorOfflineHint: 'The terminal cannot reach the lock. Check its wiring and power.',
  lastSeen: (when: string) => `Last seen ${when}`,
  never: 'Never seen',
  placement: { gate: 'Gate', 'unit-door': 'Unit door', lift: 'Lift' },
  document: { config: 'Settings', access: 'Access list', plan: 'Play plan', media: 'Videos' },
  documentNone: 'None yet',
  documentApplied: 'In force',
  documentPending: (n: number) => `Version ${n} on its way`,
  documentFailed: 'Not taken, the last one stays',
} satisfies TerminalWords;
