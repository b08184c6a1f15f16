import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  documentEnvelope,
  reported,
  type DocumentKind,
  type Reported,
  type TerminalConfig,
} from '@gatecast/firmware-protocol/messages';
import Database from 'better-sqlite3';
import { describe, it, vi, type ExpectStatic } from 'vitest';
import { rewireMsMax, startMsMax } from './door/wiring-check.ts';
import { SimulatedDoor } from './door/simulated-door.fixture.ts';
import type { TerminalKeys } from './store/identity.ts';
import { TerminalFixture } from './terminal.fixture.ts';
import { CloudFixture } from './uplink/cloud.fixture.ts';

const entry = fileURLToPath(new URL('../bin/gatecast-agent.js', import.meta.url));
const soon = { timeout: 40_000, interval: 50 };
/** The door has its time, and this machine may be busy. */
const judged = { timeout: Math.max(rewireMsMax, startMsMax) + 60_000, interval: 100 };

type Change = (config: TerminalConfig) => TerminalConfig;
const quieter: Change = (config) => ({ ...config, screen: { ...config.screen, volumePercent: 7 } });
/** Nobody on the bus has this address. */
const miswired: Change = (config) => ({
  ...config,
  doors: config.doors.map((one) => ({
    ...one,
    hardware: { kind: 'osdp', address: 9, lockOutput: 0, contactInput: 0, exitInput: 1, fireInput: 2 },
    readers: [{ address: 9, reader: 0, side: 'entry' }],
  })),
});

/** A terminal that works: the agent and the door's hardware as programs of their own, and a cloud that says what they should do. */
class Site {
  readonly #fixture = new TerminalFixture();
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'gatecast-rewired-'));
  readonly #cloud = new CloudFixture(this.#fixture);
  readonly #door = new SimulatedDoor();
  readonly #expect: ExpectStatic;
  #keys: TerminalKeys | undefined;
  #agent: ChildProcess | undefined;

  constructor(expect: ExpectStatic) {
    this.#expect = expect;
  }

  async start(): Promise<void> {
    this.#keys = await this.#fixture.furnish(this.#dataDir, [this.#fixture.unitPin('1203', '739154')]);
    this.#cloud.knows(this.#keys);
    await this.#cloud.start();
    await this.#door.start();
    this.startAgent();
    await vi.waitFor(async () => this.#expect((await this.#door.state()).led).toBe('red'), soon);
  }

  async stop(): Promise<void> {
    await this.endAgent('SIGTERM');
    await this.#door.stop();
    await this.#cloud.stop();
    rmSync(this.#dataDir, { recursive: true });
  }

  startAgent(): void {
    this.#agent = spawn(process.execPath, [entry], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        GATECAST_DATA_DIR: this.#dataDir,
        GATECAST_CLOUD_URL: this.#cloud.url,
        GATECAST_DOOR_LINK: this.#door.link,
        GATECAST_SCREEN_PAGE_DIR: this.#dataDir,
        GATECAST_LOG_LEVEL: 'silent',
        GATECAST_PARENT_WATCH: '1',
      },
    });
  }

  async endAgent(signal: NodeJS.Signals): Promise<void> {
    const agent = this.#agent;
    if (!agent || agent.exitCode !== null || agent.signalCode !== null) return;
    const exit = once(agent, 'exit');
    agent.kill(signal);
    await exit;
  }

  /** The cloud wants this configuration from now on. */
  want(version: number, change: Change): void {
    this.wantDocument('config', version, change(this.#fixture.config(this.#keys?.sealing.publicKey ?? '')));
  }

  wantDocument(kind: DocumentKind, version: number, body: unknown): void {
    this.#cloud.documents.set(kind, documentEnvelope.parse(this.#fixture.envelope(kind, version, body)));
  }

  /** As it stands on the disk. */
  inForce(kind: DocumentKind = 'config'): number {
    const db = new Database(join(this.#dataDir, 'terminal.db'), { readonly: true });
    const row = db
      .prepare<[string], { version: number }>('SELECT max(version) AS version FROM documents WHERE kind = ?')
      .get(kind);
    db.close();
    return row?.version ?? 0;
  }

  /** What the cloud heard last of a document. */
  lastReport(kind: DocumentKind = 'config'): Reported | undefined {
    return this.#cloud.reports.map((report) => reported.parse(report)).findLast((report) => report.kind === kind);
  }

  /** Somebody with a right gets in. */
  async opens(): Promise<void> {
    const { opens } = await this.#door.state();
    await vi.waitFor(async () => {
      await this.#door.act('keypad', { digits: '1203*739154#' });
      this.#expect((await this.#door.state()).opens).toBeGreaterThan(opens);
    }, soon);
  }
}

const at = async (expect: ExpectStatic, story: (site: Site) => Promise<void>) => {
  const site = new Site(expect);
  try {
    await site.start();
    await story(site);
  } finally {
    await site.stop();
  }
};

describe('a configuration that silences a door', { timeout: 420_000, concurrent: true }, () => {
  const takenBack = { kind: 'config', state: 'reverted', reason: 'door-went-silent', inForce: 1 };
  it('is taken back by itself and told with the reason; the door opens again, and a mended one is taken', ({
    expect,
  }) =>
    at(expect, async (site) => {
      site.want(2, miswired);
      await vi.waitFor(
        () => expect(site.lastReport()).toEqual({ kind: 'config', version: 2, state: 'applied' }),
        judged,
      );
      await vi.waitFor(() => expect(site.lastReport()).toEqual({ ...takenBack, version: 2 }), judged);
      expect(site.inForce()).toBe(1);
      await site.opens();
      site.want(3, quieter);
      await vi.waitFor(() => expect(site.inForce()).toBe(3), judged);
      await site.opens();
    }));

  it('is taken back with the one that followed it and kept its wiring', ({ expect }) =>
    at(expect, async (site) => {
      site.want(2, miswired);
      await vi.waitFor(() => expect(site.inForce()).toBe(2), judged);
      site.want(3, (config) => quieter(miswired(config)));
      await vi.waitFor(() => expect(site.lastReport()).toMatchObject({ ...takenBack, inForce: 1 }), judged);
      expect(site.inForce()).toBe(1);
      await site.opens();
    }));

  it('is taken back also when the agent is killed before it has seen that', ({ expect }) =>
    at(expect, async (site) => {
      site.want(2, miswired);
      await vi.waitFor(() => expect(site.inForce()).toBe(2), judged);
      await site.endAgent('SIGKILL');
      site.startAgent();
      await vi.waitFor(() => expect(site.lastReport()).toEqual({ ...takenBack, version: 2 }), judged);
      await site.opens();
    }));
});

describe('a media manifest of which no clip can be had', { timeout: 420_000, concurrent: true }, () => {
  const clip = {
    sha256: 'a'.repeat(64),
    bytes: 1_000,
    durationMs: 5_000,
    width: 1_080,
    height: 1_920,
    title: 'Gone',
    advertiser: null,
    hasDeal: false,
  };
  it('is taken back at the end of its probation, also when the agent is killed in between', ({ expect }) =>
    at(expect, async (site) => {
      site.wantDocument('media', 1, { clips: [] });
      await vi.waitFor(() => expect(site.inForce('media')).toBe(1), judged);
      site.wantDocument('media', 2, { clips: [clip] });
      await vi.waitFor(() => expect(site.inForce('media')).toBe(2), judged);
      await site.endAgent('SIGKILL');
      site.startAgent();
      const takenBack = { kind: 'media', version: 2, state: 'reverted', reason: 'no-clip-plays', inForce: 1 };
      // What cannot be told after a minute is asked again every half minute.
      await vi.waitFor(() => expect(site.lastReport('media')).toEqual(takenBack), { ...judged, timeout: 240_000 });
      expect(site.inForce('media')).toBe(1);
    }));
});
