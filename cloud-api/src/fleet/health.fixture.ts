import type { InstantMs } from '@gatecast/firmware-protocol';
import type { HealthReport } from '@gatecast/firmware-protocol/messages';

/** What a terminal says of itself when all is well. */
export const healthOf = (terminal: string, at: InstantMs, changes: Partial<HealthReport> = {}): HealthReport => ({
  v: 1,
  // As an id of a test's terminal is read back: a plain text.
  terminal: terminal as HealthReport['terminal'],
  at,
  agentVersion: '0.1.0',
  boot: 'Ym9vdA',
  uptimeMs: 3_600_000,
  disk: { totalBytes: 32_000_000_000, freeBytes: 20_000_000_000, writable: true },
  memory: { rssBytes: 80_000_000, freeBytes: 500_000_000 },
  temperatureC: 48,
  clock: { quality: 'synced', offsetMs: 12, ntp: 'synced' },
  screen: { connected: true, lastFrameAt: at },
  doors: [],
  journal: [{ stream: 'door', rows: 3, bytes: 900, oldestAt: at, lost: 0 }],
  uplink: { reconnects: 1, lastAckAt: at },
  issues: [],
  ...changes,
});
