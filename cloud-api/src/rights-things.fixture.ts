import { generateKeyPairSync, randomInt, randomUUID } from 'node:crypto';
import { after, days, instant, newId } from '@gatecast/firmware-protocol';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { dateOf } from './audience/day-kind.ts';
import { mp4File } from './content/mp4.fixture.ts';
import type { AccountRole } from './platform/auth.ts';
import type { Bearers } from './rights-bearers.fixture.ts';
import type { Asker, Kind } from './rights-matrix.ts';
import type { TestApp } from './test-app.ts';
import { totalOf } from './scheduled-reports/report-content.ts';
import { residentAt, upload, type TestMerchant, type TestResident } from './test-market.ts';
import { testJournal, type Neighbourhood, type TestTerminal } from './test-neighbourhood.ts';
import { releaseFile } from './releases/release.fixture.ts';
import { invited } from './test-people.ts';

/** Who and what a neighbourhood of the walk has from the beginning. */
export interface Cast {
  readonly here: Neighbourhood;
  readonly shop: TestMerchant;
  readonly resident: TestResident;
  readonly terminal: TestTerminal;
  readonly supplierId: string;
  /** Approved. */
  readonly clipId: string;
  readonly dealId: string;
}

/** Makes a thing that the asker may name, and tells its id. */
type Maker = (asker: Asker) => Promise<string>;
type Makers = Readonly<Partial<Record<Kind, Maker>>>;

/** Posts as a person, whose session is their own: calls of the walk end sessions. */
export interface Hands {
  readonly post: (path: string, as: AccountRole, body?: unknown) => Promise<string>;
  readonly human: (asker: Asker) => Promise<string>;
}

const roleOf = (asker: Asker): AccountRole => (asker === 'terminal' ? 'property' : asker);

export function handsOf(world: TestApp, bearers: Bearers): Hands {
  const human = (asker: Asker) => bearers.freshToken(roleOf(asker));
  return {
    human,
    async post(path, as, body) {
      const made = await world.call('POST', path, { token: await human(as), body, idempotencyKey: randomUUID() });
      if (made.status !== 201) throw new Error(`POST ${path}: ${JSON.stringify(made.body)}`);
      return String(made.body.id);
    },
  };
}

/** A card number that nobody has. */
export const newCardNumber = (): string =>
  `${String(randomInt(1, 256)).padStart(3, '0')},${String(randomInt(65_536)).padStart(5, '0')}`;
export const newPhoneKey = (): string => {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]).toString('base64url');
};
const newPhone = (): string => `138${randomInt(10_000_000, 99_999_999)}`;
export const newName = (): string => randomUUID().slice(0, 20);
/** Rows of a file of residents. */
export const residentsFile = (): string => `name,phone,building,unit\n张三,${newPhone()},9,${randomInt(100, 9_999)}\n`;
export const newResidentBody = () => ({ phone: newPhone() });

/** An invitation that the asker may write. */
export function invitationOf({ shop }: Cast, asker: Asker) {
  const email = `${randomUUID()}@rights.test`;
  if (asker === 'merchant') return { role: 'store-staff', name: '店员', email, storeId: shop.storeId };
  return asker === 'operator' ? { role: 'operator', name: '同事', email } : { role: 'guard', name: '保安', email };
}

/** Things of the door: there can be any number of each. */
export function doorMakers(world: TestApp, { here, resident, terminal }: Cast, { post, human }: Hands): Makers {
  const { communityId } = here;
  const now = world.clock.now();
  const window = { from: now, to: after(now, days(1)) };
  return {
    async command(asker) {
      const id = newId('command');
      const kind = asker === 'terminal' ? ('learn-card' as const) : ('open' as const);
      const residentId = asker === 'resident' ? resident.id : null;
      const row = { id, terminalId: terminal.id, kind, state: 'QUEUED' as const, times: {}, actor: 'x', residentId };
      await world.store.tx(async (q) => void (await q.insert(q.t.commands).values({ ...row, expiresAt: window.to })));
      return id;
    },
    credential: (asker) =>
      asker === 'resident'
        ? post('/v1/me/phones', asker, { publicKey: newPhoneKey(), label: '手机' })
        : post(`/v1/residents/${resident.id}/cards`, 'property', { number: newCardNumber(), format: 'w26' }),
    import: () => post(`/v1/communities/${communityId}/resident-imports?filename=a.csv`, 'property', residentsFile()),
    async complaint() {
      const id = newId('complaint');
      const named = { communityId, terminalId: terminal.id, clipId: null, clipTitle: null };
      const row = { id, ...named, about: 'too-loud', words: '', at: now, residentId: null } as const;
      await world.store.tx(async (q) => void (await q.insert(q.t.screenComplaints).values(row)));
      return id;
    },
    notice: () => {
      const text = { level: 'announcement', title: '停水', text: '今晚停水' };
      return post('/v1/notices', 'property', { communityId, ...text, entranceIds: null, ...window });
    },
    pass: (asker) => {
      if (asker === 'resident')
        return post('/v1/me/passes', asker, { label: '客人', from: 'now', hours: 1, uses: null });
      return post('/v1/passes', 'property', { communityId, label: '水管工', entranceIds: null, ...window, uses: 1 });
    },
    async resident(asker) {
      if (asker === 'resident') return resident.id;
      return (await residentAt(world, { ...here, manager: await human('property') }, '李芳')).id;
    },
    schedule: () => {
      const windows = [{ days: [1], fromMinute: 0, toMinute: 60, entranceIds: null }];
      return post(`/v1/communities/${communityId}/access-schedules`, 'property', { name: newName(), windows });
    },
    template: () => post('/v1/settings-templates', 'property', { name: newName(), settings: { openMs: 4_000 } }),
  };
}

/** Things of whoever runs the fleet. */
export function fleetMakers(world: TestApp, { here, terminal }: Cast, { post }: Hands): Makers {
  const { communityId } = here;
  const now = world.clock.now();
  return {
    async 'fleet-alarm'() {
      const id = newId('fleetAlarm');
      const row = { id, key: id, kind: 'disk-low', severity: 'warning', terminalId: terminal.id, communityId } as const;
      const rest = { terminals: 1, facts: {}, since: now, raisedAt: now, returns: 0, told: true };
      await world.store.tx(async (q) => void (await q.insert(q.t.fleetAlarms).values({ ...row, ...rest })));
      return id;
    },
    silence: () => {
      const scope = { kind: null, terminalId: terminal.id, communityId: null };
      return post('/v1/fleet/silences', 'operator', { ...scope, minutes: 60, reason: '检修' });
    },
    async channel() {
      const id = newId('channel');
      const row = {
        id,
        kind: 'sms',
        name: '值班',
        url: null,
        phones: [newPhone()],
        leastSeverity: 'critical',
      } as const;
      const rest = { enabled: false, createdAt: now, hourFrom: now, sentInHour: 0, heldBack: 0 };
      await world.store.tx(async (q) => void (await q.insert(q.t.alarmChannels).values({ ...row, ...rest })));
      return id;
    },
    async release() {
      const { manifest } = await releaseFile('1.0.0', undefined);
      const id = newId('release');
      const row = {
        id,
        version: `1.0.0-${id.slice(4)}`,
        model: manifest.model,
        archiveSha256: manifest.archive.sha256,
      };
      const signature = { kid: 'upd_0123456789abcdef', value: 'A' };
      const rest = {
        download: { window: null, bytesPerSecondMax: null, restartWindow: null },
        notes: '',
        createdAt: now,
        archiveBytes: 1,
      };
      const signed = { manifest, signature, successions: [] };
      await world.store.tx(async (q) => void (await q.insert(q.t.releases).values({ ...row, ...rest, signed })));
      return id;
    },
    async rollout() {
      const id = newId('rollout');
      const what = { kind: 'template', subjectId: newId('template'), subjectName: '夜间', settings: {} } as const;
      const criteria = { withinMinutes: 30, healthyMinutes: 5, waitMinutes: 30, errorPercentMax: 5 };
      const progress = { state: 'paused', sizes: [], forgiven: 0, stage: 0, stageStartedAt: now } as const;
      const row = { id, companyId: here.companyId, name: newName(), ...what, criteria, ...progress, createdAt: now };
      await world.store.tx(async (q) => void (await q.insert(q.t.rollouts).values(row)));
      return id;
    },
  };
}

/** Machines that wait to be claimed, found by their code. */
export const machineMakers = (world: TestApp, { here }: Cast): Makers => ({
  async offer() {
    const { communityId, companyId } = here;
    const now = world.clock.now();
    const keys = { identityKey: newKeyPair('ed25519').publicKey, sealingKey: newKeyPair('x25519').publicKey };
    const asked = { codeHash: null, codeMadeAt: now, addressTag: null, askedAt: now, shown: null };
    const seen = { communityId, companyId, seenAt: now };
    const row = { id: newId('offer'), model: 'walk', agentVersion: '0.1.0', ...keys, ...asked, ...seen };
    await world.store.tx(async (q) => void (await q.insert(q.t.terminalOffers).values(row)));
    return row.id;
  },
});

/** Things of accounts and of the market: any number of each. */
export function accountMakers(world: TestApp, cast: Cast, bearers: Bearers, { post }: Hands): Makers {
  return {
    async permit() {
      const id = newId('permit');
      const span = { validFrom: instant(1), validTo: instant(9e12) };
      const scan = { fileSha256: '0'.repeat(64), fileType: 'image/png' } as const;
      const row = { id, merchantId: cast.shop.id, category: 'alcohol', number: 'SP-1', status: 'waiting' } as const;
      await world.store.tx(async (q) => {
        await q.insert(q.t.permits).values({ ...row, ...span, ...scan, createdAt: world.clock.now() });
      });
      return id;
    },
    // By hand: one of them would replace the other, and only so many may wait.
    async 'owner-decision'() {
      const id = newId('ownerDecision');
      const file = { fileSha256: '0'.repeat(64), fileType: 'application/pdf' } as const;
      const scope = { placements: ['gate'], hours: [], excluded: [], ownersSharePpm: 0, managementPpm: 0 } as const;
      const said = { title: '决定', decidedOn: '2026-11-01', validTo: instant(9e12), status: 'waiting' } as const;
      const row = { id, communityId: cast.here.communityId, ...said, ...file, ...scope, recordedBy: newId('account') };
      await world.store.tx(async (q) => {
        await q.insert(q.t.ownerDecisions).values({ ...row, createdAt: world.clock.now() });
      });
      return id;
    },
    blackout: () => {
      const day = { firstDay: '2030-01-01', lastDay: '2030-01-01', reason: '停播' };
      return post('/v1/blackouts', 'operator', { communityId: cast.here.communityId, ...day });
    },
    'rate-line': () => post('/v1/rate-lines', 'operator', { communityId: cast.here.communityId, touchPriceFen: 20 }),
    // By hand: more of them than an account may have at a time.
    async upload() {
      const id = newId('upload');
      const file = { title: 'X', fileName: 'x.mp4', bytes: 10, createdAt: instant(1), expiresAt: instant(9e12) };
      const owner = { merchantId: cast.shop.id, accountId: newId('account') };
      await world.store.tx(async (q) => void (await q.insert(q.t.clipUploads).values({ id, ...owner, ...file })));
      return id;
    },
    'api-key': (asker) =>
      post('/v1/api-keys', roleOf(asker), { name: 'X', scopes: ['terminals:read'], expiresAt: null }),
    invitation: (asker) => post('/v1/invitations', roleOf(asker), invitationOf(cast, asker)),
    order: () => post('/v1/orders', 'resident', { dealId: cast.dealId, quantity: 1, visitId: null }),
    session: async (asker) => (await bearers.freshSession(roleOf(asker))).id,
  };
}

/** A dispute about a line that nothing is billed of. */
async function addDispute(
  world: TestApp,
  about: {
    readonly invoiceId: string;
    readonly bookingId: string;
    readonly campaignId: string;
    readonly communityId: string;
    readonly merchantId: string;
  },
): Promise<string> {
  const { merchantId, ...place } = about;
  const [id, lineId, now] = [newId('dispute'), newId('invoiceLine'), world.clock.now()];
  const counts = { expectedPpm: 0, rendered: 0, viewable: 0, completed: 0, filtered: {}, missing: 0, verifiedMilli: 0 };
  const sums = { touchPriceMilliFen: 0, amountFen: 0, decisionId: null, ownersFen: 0, managementFen: 0 };
  const kind = { kind: 'exposure', placement: 'gate', segment: 'all', reportVersion: 0, creditNoteId: null } as const;
  await world.store.tx(async (q) => {
    await q
      .insert(q.t.invoiceLines)
      .values({ id: lineId, ...place, at: now, ...kind, ...counts, ...sums, madeAt: now });
    const said = { reason: '少播了', status: 'open', createdAt: now, dueAt: now } as const;
    await q.insert(q.t.disputes).values({ id, lineId, invoiceId: about.invoiceId, merchantId, ...said });
  });
  return id;
}

async function addTrouble({ store, clock }: TestApp): Promise<string> {
  const id = newId('paymentTrouble');
  await store.tx(async (q) => {
    const what = { kind: 'unknown-payment', subjectNo: id, amountFen: 1, at: clock.now() } as const;
    await q.insert(q.t.paymentTroubles).values({ id, ...what });
  });
  return id;
}

/** What there is one of. */
export async function standingThings(world: TestApp, cast: Cast, { post, human }: Hands): Promise<Makers> {
  const { here, shop, terminal, clipId, dealId, supplierId } = cast;
  const { communityId, entranceId, companyId } = here;
  const now = world.clock.now();
  const campaignId = await post('/v1/campaigns', 'merchant', { name: '草莓季', clipId, dealId });
  const at = now - (now % 1_800_000) + 1_800_000;
  const bookingId = await post('/v1/bookings', 'merchant', { campaignId, communityId, at, touches: 1 });
  const forced = testJournal(
    world,
    terminal,
    'door',
  )({ kind: 'alarm', body: { entrance: entranceId, alarm: 'forced' } });
  await world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body: forced });
  let reports = 0;
  const invoiceId = newId('invoice');
  const bill = { campaignId, merchantId: shop.id, status: 'issued' as const, issuedFen: 0, issuedAt: now };
  await world.store.tx(async (q) => {
    const month = { bookingId, month: '2026-11', monthEnds: now, createdAt: now };
    await q.insert(q.t.invoices).values({ id: invoiceId, ...bill, ...month });
  });
  return {
    invoice: async () => invoiceId,
    dispute: () => addDispute(world, { invoiceId, bookingId, campaignId, communityId, merchantId: shop.id }),
    async report() {
      const id = newId('report');
      const content = { totals: totalOf([]), campaigns: [], campaignsLeftOut: 0 };
      const day = dateOf((reports += 1));
      const period = { kind: 'daily', fromDay: day, toDay: day, zone: 'Asia/Shanghai' } as const;
      await world.store.tx(async (q) => {
        await q.insert(q.t.scheduledReports).values({ id, merchantId: shop.id, ...period, content, madeAt: now });
      });
      return id;
    },
    'payment-trouble': () => addTrouble(world),
    async payout() {
      const id = newId('payout');
      const file = { fileSha256: '0'.repeat(64), fileType: 'application/pdf' } as const;
      const paid = { communityId, party: 'owners', amountFen: 1, paidOn: '2026-11-01', createdAt: now } as const;
      await world.store.tx(async (q) => {
        await q.insert(q.t.ownerPayouts).values({ id, ...paid, ...file, recordedBy: newId('account') });
      });
      return id;
    },
    account: async (asker) => (await invited(world, await human(asker), invitationOf(cast, asker))).id,
    alarm: async () => `${terminal.id}.${terminal.epoch}.1`,
    booking: async () => bookingId,
    campaign: async () => campaignId,
    clip: async () => String((await upload(world, await human('merchant'), mp4File())).body.id),
    community: async () => communityId,
    company: async () => companyId,
    deal: async () => dealId,
    entrance: async () => entranceId,
    merchant: async () => shop.id,
    store: async () => shop.storeId,
    supplier: async () => supplierId,
    terminal: async () => terminal.id,
    async unit() {
      const { body } = await world.call('GET', `/v1/communities/${communityId}/units`, {
        token: await human('property'),
      });
      return String(body.items[0].id);
    },
  };
}
