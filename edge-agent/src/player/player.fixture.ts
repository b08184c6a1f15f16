import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant, newId, systemClock, type Clock } from '@gatecast/firmware-protocol';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import {
  usualMediaTerms,
  type DocumentKind,
  type MediaClip,
  type MediaManifest,
  type TerminalConfig,
} from '@gatecast/firmware-protocol/messages';
import pino from 'pino';
import type { Opening } from '../door/door-listener.ts';
import type { JournalEntry, JournalWriter } from '../journal/journal-writer.ts';
import type { FetchMedia } from './media-file.ts';
import type { PlayerBodies, PlayerDocuments } from './player-documents.ts';
import type { PlayerMemory } from './player-memory.ts';
import type { PlayerParts } from './player-parts.ts';
import { entrance } from './plan.fixture.ts';

export const silentLog = pino({ level: 'silent' });

/** A journal in memory, in the order of writing. */
export function journalInMemory() {
  const rows: JournalEntry[] = [];
  const writer: JournalWriter = {
    append: (entry) => Promise.resolve({ seq: rows.push(entry) }),
  };
  return { ...writer, rows, of: (kind: string) => rows.filter((row) => row.kind === kind).map((row) => row.body) };
}

export function memoryInMemory(values = new Map<string, string>()): PlayerMemory & { values: Map<string, string> } {
  return {
    values,
    get: (key) => values.get(key),
    async set(key, value) {
      values.set(key, value);
    },
  };
}

interface TestDocuments extends PlayerDocuments {
  apply(kind: DocumentKind, change: Partial<PlayerBodies>): void;
  /** As `apply`; what it replaces is kept to return to, until the next `apply`. */
  try(kind: DocumentKind, change: Partial<PlayerBodies>): void;
  /** Back to what the last `try` replaced. */
  revert(kind: DocumentKind): void;
}

/** Documents that a test may replace. */
export function documentsInMemory(given: Partial<PlayerBodies>): TestDocuments {
  let bodies = given;
  let before: Partial<PlayerBodies> = {};
  let version = 1;
  const listeners = new Set<(kind: DocumentKind) => void>();
  return {
    current: (kind) => bodies[kind],
    version: () => version,
    before: (kind) => before[kind],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    apply(kind, change) {
      before = {};
      version += 1;
      bodies = { ...bodies, ...change };
      for (const listener of listeners) listener(kind);
    },
    try(kind, change) {
      before = bodies;
      version += 1;
      bodies = { ...bodies, ...change };
      for (const listener of listeners) listener(kind);
    },
    revert(kind) {
      bodies = before;
      before = {};
      version -= 1;
      for (const listener of listeners) listener(kind);
    },
  };
}

export function gateConfig(change: Partial<TerminalConfig> = {}): TerminalConfig {
  return {
    communityName: '梧桐里',
    zone: 'Asia/Shanghai',
    doors: [
      {
        entrance,
        name: '南门',
        placement: 'gate',
        hardware: { kind: 'osdp', address: 0, lockOutput: 0, contactInput: 0, exitInput: null, fireInput: null },
        readers: [{ address: 0, reader: 0, side: 'entry' }],
        lift: null,
        openMs: 5_000,
        heldOpenMs: 30_000,
        bounceMs: 50,
        schedules: [],
        override: null,
        antiPassback: false,
      },
    ],
    screen: {
      quiet: { fromMinute: 22 * 60, toMinute: 7 * 60 },
      volumePercent: 60,
      brightnessPercent: 100,
      dimPercent: 60,
      mutedUntil: null,
      officePhone: null,
      complaintUrl: null,
    },
    media: usualMediaTerms,
    shortLinks: { base: 'https://gatecast.example/q/', terminalNo: 7, sealedKey: 'sealed' },
    ...change,
  };
}

/** A clip file and its line in the manifest. */
export function clipOf(bytes: Buffer, change: Partial<MediaClip> = {}): { bytes: Buffer; clip: MediaClip } {
  const clip: MediaClip = {
    sha256: sha256Hex(bytes),
    bytes: bytes.length,
    durationMs: 15_000,
    width: 720,
    height: 1280,
    title: '一段短片',
    advertiser: null,
    hasDeal: false,
    neededAt: instant(0),
    until: null,
    approvedAt: instant(0),
    poster: null,
    ...change,
  };
  return { bytes, clip };
}

export const manifestOf = (...clips: MediaClip[]): MediaManifest => ({
  clips,
  signedOnly: false,
  takenDown: [],
  spreadMs: 0,
});

/** A cloud that serves clips, with ranges. */
export function cloudWith(files: readonly Buffer[]): FetchMedia {
  const bySha = new Map(files.map((bytes) => [sha256Hex(bytes), bytes]));
  return async ({ sha256, fromByte }) => {
    const bytes = bySha.get(sha256);
    if (!bytes) return new Response(null, { status: 404 });
    const headers = { 'content-range': `bytes ${fromByte}-${bytes.length - 1}/${bytes.length}` };
    return new Response(new Uint8Array(bytes.subarray(fromByte)), { status: fromByte > 0 ? 206 : 200, headers });
  };
}

export async function temporaryDir(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gatecast-player-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export function openingAt(clock: Clock = systemClock, change: Partial<Opening> = {}): Opening {
  return {
    touch: newId('touch'),
    entrance,
    placement: 'gate',
    event: 'opening',
    unbillable: null,
    pseudonym: null,
    group: null,
    noticeName: null,
    startedAt: clock.now(),
    startedMono: clock.mono(),
    tellsArrival: false,
    ...change,
  };
}

export function playerParts(dir: string, change: Partial<PlayerParts>): PlayerParts {
  return {
    clock: systemClock,
    provenNow: () => undefined,
    log: silentLog,
    journal: journalInMemory(),
    documents: documentsInMemory({}),
    memory: memoryInMemory(),
    mediaDir: join(dir, 'media'),
    fetchMedia: cloudWith([]),
    mediaBytesMax: 2 ** 30,
    terminal: () => null,
    shortLinkKey: () => Buffer.alloc(32, 7),
    enrolment: () => null,
    onSite: () => Promise.reject(new Error('nobody stands there')),
    screen: { port: 0, frameAncestors: [], pageDir: join(dir, 'page') },
    ...change,
  };
}
