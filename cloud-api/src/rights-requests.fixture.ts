import { randomUUID } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import { healthOf } from './fleet/health.fixture.ts';
import { bodyOf, type Operation } from './rights-bodies.fixture.ts';
import type { Asker, Kind, Row } from './rights-matrix.ts';
import { newCardNumber, newName, newPhoneKey, newResidentBody, residentsFile } from './rights-things.fixture.ts';
import type { Side } from './rights-world.fixture.ts';
import type { TestApp } from './test-app.ts';
import { testJournal } from './test-neighbourhood.ts';

/** One call of an operation, ready to be sent. */
export interface Ask {
  readonly path: string;
  /** A text is sent as it is. */
  readonly body: unknown;
}

/** Fields that hold ids, and what they name. */
const kindOfField: Readonly<Record<string, Kind>> = {
  campaignId: 'campaign',
  clipId: 'clip',
  command: 'command',
  communityId: 'community',
  companyId: 'company',
  dealId: 'deal',
  entranceId: 'entrance',
  merchantId: 'merchant',
  propertyCompanyId: 'company',
  scheduleId: 'schedule',
  storeId: 'store',
  supplierId: 'supplier',
  terminalId: 'terminal',
};

/** Of path parameters that are no ids. */
const words: Readonly<Record<string, string>> = {
  kind: 'config',
  'kind GET /v1/stories/{kind}/{id}': 'terminal',
  sha256: '0'.repeat(64),
  cut: 'door',
  profile: 'B',
  purpose: 'order-messages',
  provider: 'sandbox',
  token: 'x',
  receipt: 'x',
  clipId: 'clip_00000000000000000000',
  item: 'reader',
};
const queries: Readonly<Record<string, string>> = {
  date: '2026-11-24',
  nonce: 'abcdefgh',
  title: 'X',
  category: 'alcohol',
  number: 'SP-1',
  validFrom: '1',
  validTo: '9000000000000',
  q: 'X',
  name: 'Linden',
  decidedOn: '2026-11-01',
  lastDay: '2099-12-31',
  placements: 'gate',
  ownersSharePpm: '0',
  party: 'owners',
  amountFen: '1',
  paidOn: '2026-11-01',
  managementPpm: '0',
  filename: 'a.csv',
  from: '1',
  to: '1800001',
  expires: '1',
  signature: 'x',
};

type Over = (world: TestApp, side: Side, asker: Asker) => Promise<Readonly<Record<string, unknown>> | string>;

/** Halves of a body that no schema tells: what goes together, and what is there once. */
const overs: Readonly<Record<string, Over>> = {
  'POST /v1/invitations': async (_world, side, asker) => {
    const base = { email: `${randomUUID()}@rights.test` };
    if (asker === 'merchant') return { ...base, role: 'store-staff', storeId: await side.id('store', asker) };
    if (asker === 'operator') return { ...base, role: 'operator' };
    return { ...base, role: 'guard', communityIds: [await side.id('community', asker)] };
  },
  'PATCH /v1/team/{id}': async (_world, side, asker) =>
    asker === 'property' ? { communityIds: [await side.id('community', asker)] } : {},
  'POST /v1/api-keys': async () => ({ scopes: ['terminals:read'], expiresAt: null }),
  'POST /v1/property-companies': async () => ({
    manager: { email: `${randomUUID()}@rights.test`, password: 'violin kestrel forty', name: 'X' },
  }),
  'POST /v1/merchants': async (_world, side, asker) => ({
    owner: { email: `${randomUUID()}@rights.test`, password: 'violin kestrel forty', name: 'X' },
    store: { name: 'X', address: '', communityId: await side.id('community', asker), hours: '' },
  }),
  'POST /v1/merchant-sign-ups': async (_world, side, asker) => ({
    owner: { email: `${randomUUID()}@rights.test`, password: 'violin kestrel forty', name: 'X' },
    store: { name: 'X', address: '', communityId: await side.id('community', asker), hours: '' },
  }),
  'PUT /v1/merchant-profile/licence': async () => 'no photo',
  'PUT /v1/merchant-profile/payee': async () => ({ holder: '店主', bank: '农业银行', account: '6228480402564890018' }),
  'POST /v1/communities': async () => ({ zone: 'Asia/Shanghai' }),
  'POST /v1/communities/{id}/resident-imports': async () => residentsFile(),
  'POST /v1/communities/{id}/residents': async () => newResidentBody(),
  'PUT /v1/report-schedule': async () => ({ webhook: { url: 'https://hooks.example/gatecast' } }),
  'POST /v1/clips': async () => 'no video',
  'POST /v1/clip-photos': async () => 'no photo',
  'POST /v1/permits': async () => 'no scan',
  'POST /v1/owner-decisions': async () => 'no scan',
  'POST /v1/invoices/{id}/disputes': async () => ({ lineId: newId('invoiceLine') }),
  'POST /v1/communities/{id}/ad-payouts': async () => 'no scan',
  'POST /v1/blackouts': async (_world, side, asker) => ({
    communityId: await side.id('community', asker),
    firstDay: '2030-01-01',
    lastDay: '2030-01-01',
    reason: '停播',
  }),
  'POST /v1/rate-lines': async () => ({ fromMinute: null, toMinute: null, weekdays: null, touchPriceFen: 20 }),
  'POST /v1/audience/holidays': async () => ({
    year: 2030,
    holidays: [{ name: '元旦', from: '2030-01-01', to: '2030-01-01' }],
    workedWeekends: [],
  }),
  'POST /v1/releases': async () => 'no release',
  'POST /v1/releases/{id}/assignments': async (_world, side, asker) => ({
    terminalIds: [await side.id('terminal', asker)],
  }),
  'POST /v1/releases/{id}/assignments/preview': async (_world, side, asker) => ({
    communityIds: [await side.id('community', asker)],
  }),
  'POST /v1/passes': async ({ clock }) => ({
    from: clock.now(),
    to: clock.now() + 7_200_000,
    uses: 1,
    scheduleId: null,
  }),
  'POST /v1/passes/{id}/cards': async () => ({ number: newCardNumber(), format: 'w26' }),
  'POST /v1/residents/{id}/cards': async () => ({ number: newCardNumber(), format: 'w26' }),
  'PUT /v1/residents/{id}/duress-pin': async () => ({ pin: '581903' }),
  'POST /v1/me/passes': async () => ({ from: 'now', hours: 1, uses: null }),
  'POST /v1/me/phones': async () => ({ publicKey: newPhoneKey() }),
  'POST /v1/notices': async ({ clock }) => ({ from: clock.now(), to: clock.now() + 7_200_000 }),
  'POST /v1/bookings': async ({ clock }) => ({ at: clock.now() - (clock.now() % 1_800_000) + 3_600_000 }),
  'POST /v1/quotes': async (_world, side, asker) => ({
    communityIds: [await side.id('community', asker)],
    firstDay: '2026-11-24',
    lastDay: '2026-11-24',
  }),
  'POST /v1/campaigns': async (_world, side) => ({ clipId: side.clipId }),
  'POST /v1/deals': async ({ clock }) => ({
    singlePriceFen: 2,
    groupPriceFen: 1,
    opensAt: clock.now(),
    closesAt: clock.now() + 86_400_000,
    groupSize: 2,
    groupHours: 24,
  }),
  'POST /v1/orders': async () => ({ visitId: null }),
  'POST /v1/rollouts/preview': async (_world, side, asker) => ({
    what: { kind: 'template', id: await side.id('template', asker) },
  }),
  'POST /v1/rollouts': async (_world, side, asker) => ({
    what: { kind: 'template', id: await side.id('template', asker) },
    criteria: {},
  }),
  'POST /v1/settings-templates': async () => ({ name: newName(), settings: { openMs: 4_000 } }),
  'PUT /v1/settings-templates/{id}': async () => ({ name: newName(), settings: { openMs: 5_000 } }),
  'PUT /v1/terminals/{id}/health': async ({ clock }, side) => ({ ...healthOf(side.terminal.id, clock.now()) }),
  'POST /v1/terminals/{id}/commands': async () => ({ kind: 'open' }),
  'POST /v1/terminals/{id}/journal': async (world, side) => ({
    ...testJournal(world, side.terminal, 'health')({ kind: 'odd', body: {} }),
  }),
  'POST /v1/terminals/{id}/learned-cards': async (_world, side, asker) => ({
    command: await side.id('command', asker),
    epoch: 1,
  }),
};

/** The request as this asker makes it, of things of `side`. */
export async function askOf(
  world: TestApp,
  { operation, row, side, asker }: { operation: Operation; row: Row; side: Side; asker: Asker },
  id: (kind: Kind) => Promise<string>,
): Promise<Ask> {
  const own = row.of === undefined ? '' : await id(row.of);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'id' ? own : (words[`${name} ${operation.name}`] ?? words[name] ?? name),
  );
  const ids = new Map<string, string>();
  for (const [field, kind] of Object.entries(kindOfField)) ids.set(field, await side.id(kind, asker));
  const idFor = (field: string) => ids.get(field);
  const search = operation.queryNames.map((name) => `${name}=${idFor(name) ?? queries[name] ?? ''}`).join('&');
  const over = await overs[operation.name]?.(world, side, asker);
  const made = operation.bodySchema === undefined ? undefined : bodyOf(operation.bodySchema, idFor);
  const body = typeof over === 'string' ? over : over === undefined ? made : { ...(made as object), ...over };
  return { path: search === '' ? path : `${path}?${search}`, body };
}

/** The same request with one id that it names exchanged for a foreign one, for each of them in turn. */
export async function foreignAsks(
  ask: Ask,
  { row, asker, theirs, own }: { row: Row; asker: Asker; theirs: Side; own: string },
): Promise<readonly { readonly ask: Ask; readonly field: string }[]> {
  const asks: { ask: Ask; field: string }[] = [];
  if (row.of !== undefined)
    asks.push({ field: '{id}', ask: { ...ask, path: ask.path.replace(own, await theirs.id(row.of, asker)) } });
  for (const field of idFields(ask.body)) {
    const kind = kindOfField[field.replace(/s$/, '')];
    if (kind === undefined || row.public?.fields?.includes(field)) continue;
    const foreign = await theirs.id(kind, asker);
    asks.push({ field, ask: { ...ask, body: exchanged(ask.body, field, foreign) } });
  }
  return asks;
}

function idFields(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const inner = Object.entries(body).flatMap(([field, value]) =>
    (/Ids?$/.test(field) || field === 'command') && holdsId(value) ? [field] : idFields(value),
  );
  return [...new Set(inner)];
}

const holdsId = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && typeof value[0] === 'string');

function exchanged(value: unknown, field: string, id: string): unknown {
  if (Array.isArray(value)) return value.map((item) => exchanged(item, field, id));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name !== field || !holdsId(inner)) return [name, exchanged(inner, field, id)];
      return [name, Array.isArray(inner) ? [id] : id];
    }),
  );
}
