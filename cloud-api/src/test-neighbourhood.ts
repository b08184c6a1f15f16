import { randomUUID } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import {
  genesisHash,
  signInContext,
  signInPreimage,
  type JournalBatch,
  type JournalRow,
  type JournalStream,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import {
  newKeyPair,
  privateHash,
  privateKeyOf,
  rowHash,
  signText,
  type RawKeyPair,
} from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import type { TestApp } from './test-app.ts';

export interface Neighbourhood {
  readonly companyId: string;
  readonly communityId: string;
  readonly entranceId: string;
  /** The property manager's session. */
  readonly manager: string;
}

const managerPassword = 'long-enough-password';

/** A decision of owners that allows everything, on record as their property manager or the operator hands it in. */
export const ownersDecision = (
  communityId: string,
  over: Readonly<Record<string, string>> = {},
): { readonly path: string; readonly body: string } => {
  const terms = {
    communityId,
    title: '关于出租电梯厅及大门屏幕的决定',
    decidedOn: '2020-06-01',
    lastDay: '2099-12-31',
    placements: 'gate,unit-door,lift',
    ownersSharePpm: '700000',
    managementPpm: '100000',
    ...over,
  };
  return { path: `/v1/owner-decisions?${new URLSearchParams(terms).toString()}`, body: '%PDF-1.7 决定' };
};

/** A property company with one community and one gate, whose owners have decided that its screens are for sale, unless told otherwise. */
export async function neighbourhood(
  world: TestApp,
  { isForSale = true }: { readonly isForSale?: boolean } = {},
): Promise<Neighbourhood> {
  const unique = randomUUID();
  const manager = { email: `${unique}@property.test`, password: managerPassword, name: 'Manager' };
  const token = world.operator;
  const company = await world.call('POST', '/v1/property-companies', {
    token,
    body: { name: 'Harbour Property', manager },
  });
  const community = await world.call('POST', '/v1/communities', {
    token,
    body: {
      name: 'Linden Court',
      zone: 'Asia/Shanghai',
      propertyCompanyId: company.body.id,
      households: 300,
      profile: { families: 400_000, commuters: 300_000, elderly: 100_000 },
    },
  });
  const entrance = await world.call('POST', `/v1/communities/${community.body.id}/entrances`, {
    token,
    body: { name: 'East gate', placement: 'gate' },
  });
  if (isForSale) {
    const { path, body } = ownersDecision(community.body.id);
    await world.call('POST', path, { token, body });
  }
  return {
    companyId: company.body.id,
    communityId: community.body.id,
    entranceId: entrance.body.id,
    manager: await world.signIn(manager.email, manager.password),
  };
}

/** A guard of the company, for some of its communities or (null) all of them. */
export async function guardAt(
  world: TestApp,
  at: Neighbourhood,
  communityIds: readonly string[] | null = null,
): Promise<string> {
  const email = `${randomUUID()}@guard.test`;
  const { store } = world;
  const t = store.read.t.accounts;
  const managers = await store.read.select().from(t).where(eq(t.scopeId, at.companyId));
  // The manager's password does for the guard too: hashing another takes longer than most tests.
  const { passwordHash = null } = managers.find(({ role }) => role === 'property') ?? {};
  const guard = {
    id: newId('account'),
    role: 'guard',
    scopeId: at.companyId,
    name: 'Guard',
    email,
    passwordHash,
  } as const;
  await store.tx(async (q) => {
    await q.insert(q.t.accounts).values({ ...guard, communityIds, createdAt: world.clock.now() });
  });
  return world.signIn(email, managerPassword);
}

export interface TestTerminal {
  readonly id: string;
  readonly epoch: number;
  readonly claim: Readonly<Record<string, unknown>>;
  readonly identity: RawKeyPair;
  readonly sealing: RawKeyPair;
  readonly token: string;
}

/** Claims a terminal at the gate and signs it in, as an edge agent does. */
export async function claimedTerminal(world: TestApp, at: Neighbourhood): Promise<TestTerminal> {
  const created = await world.call('POST', '/v1/terminals', {
    token: at.manager,
    body: { communityId: at.communityId, entranceId: at.entranceId, name: 'Gate screen' },
  });
  return claimTerminal(world, created.body.claimCode);
}

export async function claimTerminal(world: TestApp, code: string): Promise<TestTerminal> {
  const identity = newKeyPair('ed25519');
  const sealing = newKeyPair('x25519');
  const claim = await world.call('POST', '/v1/terminals/claims', {
    body: { code, identityKey: identity.publicKey, sealingKey: sealing.publicKey, agentVersion: '0.1.0' },
  });
  const id: string = claim.body.terminal;
  const epoch: number = claim.body.epoch;
  const { body } = await signInTerminal(world, id, epoch, identity);
  return { id, epoch, claim: claim.body, identity, sealing, token: body.token };
}

export async function signInTerminal(world: TestApp, id: string, epoch: number, identity: RawKeyPair) {
  const { nonce } = (await world.call('POST', `/v1/terminals/${id}/challenge`)).body;
  const signature = signText(
    privateKeyOf('ed25519', identity.privateKey),
    signInContext,
    signInPreimage(id, epoch, nonce),
  );
  return world.call('POST', `/v1/terminals/${id}/tokens`, { body: { nonce, epoch, signature } });
}

export type NewRow = Pick<JournalRow, 'kind' | 'body'> & Partial<Pick<JournalRow, 'private' | 'wallMs' | 'clock'>>;

/** The journal of a terminal: makes chained batches, one after the other. */
export function testJournal(world: TestApp, terminal: Pick<TestTerminal, 'id' | 'epoch'>, stream: JournalStream) {
  const key: StreamKey = { terminal: terminal.id, epoch: terminal.epoch, stream };
  let seq = 0;
  let head = genesisHash;
  const chain = (row: NewRow): JournalRow => {
    seq += 1;
    const chained: JournalRow = {
      seq,
      prev: head,
      monoMs: seq,
      boot: 'boot',
      clock: 'synced',
      wallMs: world.clock.now(),
      privateHash: row.private ? privateHash(row.private) : null,
      ...row,
    };
    head = rowHash(key, chained);
    return chained;
  };
  return (...rows: readonly NewRow[]): JournalBatch => {
    const chained = rows.map(chain);
    return { v: 1, epoch: terminal.epoch, stream, rows: chained, head };
  };
}
