import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant, manualClock, newId, type ManualClock } from '@gatecast/firmware-protocol';
import {
  bodyOfDelta,
  canonicalJson,
  documentDelta,
  documentEnvelope,
  type AccessList,
  type DocumentDelta,
  type DocumentEnvelope,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, sha256Hex, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import { createCommunities } from '../communities/service.ts';
import { readConfig } from '../config.ts';
import { createIdentity } from '../identity/service.ts';
import type { Store, Tx } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { createPlatform, type Platform } from '../platform/platform.ts';
import { createTerminals, type TerminalsService } from '../terminals/service.ts';
import { createAccessLists, type AccessLists } from './lists.ts';
import { createPassKeys, type PassKeyBook } from './pass-keys.ts';

/** Monday 2026-11-23, 07:40 in Shanghai. */
const morning = instant(Date.UTC(2026, 10, 22, 23, 40));

/** The cloud as far as access lists go: one process, with keys that others may share. */
export interface ListWorld {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly platform: Platform;
  readonly terminals: TerminalsService;
  readonly passKeys: PassKeyBook;
  readonly lists: AccessLists;
}

export interface Place {
  readonly communityId: string;
  readonly companyId: string;
  readonly terminals: readonly ListedTerminal[];
}
export interface ListedTerminal {
  readonly id: string;
  readonly entranceId: string;
  readonly sealing: RawKeyPair;
}

export interface KeyFolder {
  readonly path: string;
  remove(): void;
}
export function keyFolder(): KeyFolder {
  const path = mkdtempSync(join(tmpdir(), 'gatecast-lists-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A process that is not started yet: what it commits stays unmade. */
export function listWorld(store: Store, folder: KeyFolder): ListWorld {
  const clock = manualClock(morning);
  const config = readConfig({
    GATECAST_DATA_DIR: folder.path,
    GATECAST_MASTER_KEY_FILE: join(folder.path, 'master.key'),
    GATECAST_BROKER_URL: '',
    GATECAST_PUBLIC_URL: 'https://gatecast.test',
  });
  const platform = createPlatform({ config, store, clock, log: silentLog() });
  const communities = createCommunities(platform, createIdentity(platform));
  const terminals = createTerminals(platform, communities);
  const passKeys = createPassKeys(platform);
  const lists = createAccessLists(platform, communities, terminals, passKeys);
  return { store, clock, platform, terminals, passKeys, lists };
}

/** A community with so many gates, each with a terminal in service. */
export async function newPlace({ store, platform, lists }: ListWorld, gates: number): Promise<Place> {
  const [companyId, communityId, createdAt] = [newId('company'), newId('community'), platform.clock.now()];
  const terminals = Array.from({ length: gates }, () => ({
    id: newId('terminal'),
    entranceId: newId('entrance'),
    sealing: newKeyPair('x25519'),
  }));
  await store.tx(async (q) => {
    await q.insert(q.t.propertyCompanies).values({ id: companyId, name: 'Harbour Property', createdAt });
    await platform.signer.ensure(q, 'door-authority', companyId);
    await platform.signer.ensure(q, 'code-root', communityId);
    const shares = { familiesPpm: 0, commutersPpm: 0, elderlyPpm: 0 };
    const community = { id: communityId, companyId, name: 'Linden Court', zone: 'Asia/Shanghai', households: 300 };
    await q.insert(q.t.communities).values({ ...community, ...shares, createdAt });
    for (const terminal of terminals) await addTerminal(q, communityId, terminal, createdAt);
    await lists.publish(q, communityId, []);
  });
  return { communityId, companyId, terminals };
}

async function addTerminal(
  q: Tx,
  communityId: string,
  { id, entranceId, sealing }: ListedTerminal,
  createdAt: ReturnType<typeof instant>,
): Promise<void> {
  await q.insert(q.t.entrances).values({ id: entranceId, communityId, name: 'Gate', placement: 'gate' });
  const look = { openMs: 5_000, quietFromMinute: 0, quietToMinute: 0, volumePercent: 50 };
  const keys = { identityKey: newKeyPair('ed25519').publicKey, sealingKey: sealing.publicKey };
  const no = randomBytes(4).readUInt32BE() >>> 1;
  await q
    .insert(q.t.terminals)
    .values({ id, no, communityId, entranceId, name: 'Gate', status: 'active', epoch: 1, ...keys, ...look, createdAt });
}

type CredentialInsert = Tx['t']['credentials']['$inferInsert'];

/** A row as the access slice makes it, of a tag that nobody has. */
export const newCredential = (communityId: string, change: Partial<CredentialInsert> = {}): CredentialInsert => ({
  id: newId('credential'),
  communityId,
  kind: 'code',
  person: 'visitor',
  residentId: null,
  unit: null,
  entranceIds: null,
  from: null,
  to: null,
  scheduleId: null,
  epoch: 1,
  tag: randomBytes(32).toString('base64url'),
  keyOdd: null,
  codeNo: null,
  generation: null,
  createdAt: morning,
  revokedAt: null,
  ...change,
});

/** What a terminal gets that has version `from` in force. */
export async function told(
  { terminals }: ListWorld,
  terminalId: string,
  from?: number,
): Promise<{ readonly text: string; readonly answer: DocumentEnvelope | DocumentDelta }> {
  const found = await terminals.documents.newest(terminalId, 'access', from);
  const text = 'envelope' in found ? JSON.stringify(found.envelope) : found.parts.join('');
  const value: unknown = JSON.parse(text);
  return { text, answer: documentDelta.safeParse(value).data ?? documentEnvelope.parse(value) };
}

/** A list as it is in force on a terminal. */
export interface ListInForce {
  readonly version: number;
  readonly hash: string;
  readonly body: AccessList;
}

/** What a terminal makes of an answer; undefined if it would not take it. */
export function taken(answer: DocumentEnvelope | DocumentDelta, inForce?: ListInForce): ListInForce | undefined {
  const { version, hash } = answer;
  const body = 'delta' in answer ? bodyOfDelta(inForce?.body, answer.delta) : answer.body;
  return sha256Hex(canonicalJson(body)) === hash ? { version, hash, body: body as AccessList } : undefined;
}
