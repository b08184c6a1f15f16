import { appendFileSync, readFileSync } from 'node:fs';
import { systemClock } from '@gatecast/firmware-protocol';
import { softwareDocument, type DocumentKind, type SoftwareDocument } from '@gatecast/firmware-protocol/messages';
import { pino } from 'pino';
import { restartExitCode } from '../host.ts';
import type { Slot } from './slots.ts';
import { SoftwareUpdates } from './software-updates.ts';

/** How a release of the tests behaves; it lies in the release as `behaviour.json`. */
export interface Behaviour {
  readonly starts?: 'well' | 'crashes' | 'hangs';
  readonly door?: boolean;
}

/** Told to the fake agent by its environment, as JSON. */
export interface FakeSite {
  /** Holds `{version, document}` of the `software` document. */
  readonly wantedFile: string;
  /** One JSON line each: who started, and what was told. */
  readonly diary: string;
  readonly keysFile: string;
  readonly url: string;
  readonly trialMs: number;
}

/** With what Node is told to run the launcher, and so the agent. */
export const launcherFlag = '--optimize-for-size';

/**
 * An agent that does nothing but update itself: the entry of the releases of the tests imports this with its own folder, version and behaviour. The updates are
 * the real ones.
 */
export function runFakeAgent(version: string, { starts = 'well', door = true }: Behaviour): void {
  if (!process.execArgv.includes(launcherFlag)) throw new Error('the launcher keeps Node’s settings to itself');
  const site = JSON.parse(process.env['FAKE_SITE'] ?? '') as FakeSite;
  const note = (line: object) => appendFileSync(site.diary, `${JSON.stringify(line)}\n`);
  const slot = process.env['GATECAST_SLOT'] as Slot;
  note({ started: version, slot });
  if (starts === 'crashes') process.exit(1);
  if (starts === 'hangs') return void setInterval(() => undefined, 1_000);
  const wanted = () =>
    JSON.parse(readFileSync(site.wantedFile, 'utf8')) as { version: number; document: SoftwareDocument };
  const entrance = 'entr_00000000000000000001';
  const updates = new SoftwareUpdates({
    options: {
      softwareDir: process.env['GATECAST_SOFTWARE_DIR'] ?? '',
      slot,
      keysFile: site.keysFile,
      model: 'test-board',
      trialMs: site.trialMs,
      steadyMs: 0,
    },
    documents: {
      current: (kind) => (kind === 'software' ? (softwareDocument.parse(wanted().document) as never) : undefined),
      version: (kind: DocumentKind) => (kind === 'software' ? wanted().version : 0),
      onChange: () => () => undefined,
    },
    clock: systemClock,
    log: pino({ level: process.env['FAKE_LOG'] ?? 'silent' }, pino.destination(2)),
    agentVersion: version,
    fetchArchive: (sha256, fromByte, signal) =>
      fetch(`${site.url}/${sha256}`, { signal, ...(fromByte > 0 && { headers: { range: `bytes=${fromByte}-` } }) }),
    vitals: () => ({ doors: door ? [entrance] : [], screen: true, uplink: true }),
    doors: () => [],
    tell: async (report) => {
      note({ told: report });
      return true;
    },
    restart: () => process.exit(restartExitCode),
  });
  updates.start();
  process.stdin.on('end', () => process.exit(0)).resume();
  process.once('SIGTERM', () => process.exit(0));
}
