import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { instant } from '@gatecast/firmware-protocol';
import { batchRowsMax } from '@gatecast/firmware-protocol/messages';
import { BareTerminal } from '../harness/bare-terminal.ts';
import { town as demoTown } from '../harness/demo/town.ts';
import { signedIn } from '../harness/founding.ts';
import { waitUntil } from '../harness/wait-until.ts';
import type { FaultTown } from './fault-town.ts';

const doorsACommunity = 10;
const foundersAtOnce = 4;
const daysAway = 30;
const openingsADay = 20;
const rowsEach = daysAway * openingsADay;
const dayMs = 86_400_000;
/** They come back when the cloud does, not one after the other. */
const atOnce = 100;

export interface Returned {
  /** Rows that a terminal was told were kept, and the cloud has not. */
  readonly lost: number;
  readonly doubled: number;
  /** The most memory that the cloud took, MB. */
  readonly cloudMb: number;
  /** How long a remote opening took at a live door meanwhile, one after the other, ms. */
  readonly openMs: readonly number[];
}

/** So many terminals, a multiple of ten, hand in thirty days of one door's journal at once, while a door that stayed is opened from afar. */
export async function fleetReturns(town: FaultTown, terminals: number): Promise<Returned> {
  const returning = await newTerminals(town, terminals / doorsACommunity);
  let cloudMb = 0;
  const watch = setInterval(() => (cloudMb = Math.max(cloudMb, residentMb(town))), 250);
  const over = new AbortController();
  const handingIn = inGroups(returning, atOnce, (each) => handIn(each, town.neighbourhood.clock.now())).finally(() =>
    over.abort(),
  );
  const openMs: number[] = [];
  // If handing in fails, that is told at the end.
  handingIn.catch(() => {});
  while (!over.signal.aborted) openMs.push(await openFromAfar(town));
  await handingIn.finally(() => clearInterval(watch));
  return { ...countOf(town, returning), cloudMb, openMs };
}

function countOf({ cloudDatabase }: FaultTown, returning: readonly BareTerminal[]): Pick<Returned, 'lost' | 'doubled'> {
  const stored = new Database(cloudDatabase, { readonly: true });
  const rows = stored.prepare<[string], { n: number; kept: number }>(
    `SELECT count(*) AS n, count(DISTINCT seq) AS kept FROM journal_rows WHERE stream = 'door' AND terminal_id = ? AND seq <= ${rowsEach}`,
  );
  const counts = returning.map(({ id }) => rows.get(id) ?? { n: 0, kept: 0 });
  stored.close();
  const sum = (of: (count: { n: number; kept: number }) => number) => counts.reduce((all, count) => all + of(count), 0);
  return { lost: sum(({ kept }) => rowsEach - kept), doubled: sum(({ n, kept }) => n - kept) };
}

/** Milliseconds from the order to the lock. */
async function openFromAfar(town: FaultTown): Promise<number> {
  await waitUntil('the lock to be shut', () => town.isShut());
  const opens = await town.opens();
  const began = performance.now();
  await town.manager('POST /v1/terminals/:id/commands', {
    params: { id: town.terminalId },
    body: { kind: 'open' },
    idempotencyKey: randomUUID(),
  });
  await waitUntil('the lock to be released', async () => (await town.opens()) > opens, { everyMs: 10 });
  return performance.now() - began;
}

/** What a month away leaves in the journal of one door, in batches as large as may be; a cloud that has no room says when it has. */
async function handIn(terminal: BareTerminal, now: number): Promise<void> {
  const opening = { kind: 'contact', body: { open: true } };
  for (let left = rowsEach; left > 0; left -= batchRowsMax) {
    const rows = Array.from({ length: Math.min(left, batchRowsMax) }, () => opening);
    const text = JSON.stringify(terminal.batch('door', instant(now - daysAway * dayMs), rows));
    await waitUntil('the cloud to take the batch', async () => (await terminal.send(text)).ok, { withinMs: 120_000 });
  }
}

/** Communities of one more company, each with ten doors. */
async function newTerminals({ neighbourhood }: FaultTown, communities: number): Promise<BareTerminal[]> {
  const { cloudUrl, operatorLogin } = neighbourhood;
  const operator = await signedIn(cloudUrl, operatorLogin);
  const company = await operator('POST /v1/property-companies', {
    body: { name: '百里物业', manager: { email: 'hundred@gatecast.example', password: randomUUID(), name: '经理' } },
  });
  const made: BareTerminal[] = [];
  await inGroups(numbered(communities), foundersAtOnce, async (index) => {
    const { id } = await operator('POST /v1/communities', {
      body: { ...demoTown.community, name: `${index + 1} 号小区`, propertyCompanyId: company.id },
    });
    for (const door of numbered(doorsACommunity)) {
      const name = `${door + 1} 号门`;
      const entrance = await operator('POST /v1/communities/:id/entrances', {
        params: { id },
        body: { name, placement: 'unit-door' },
      });
      const body = { communityId: id, entranceId: entrance.id, name };
      const { claimCode } = await operator('POST /v1/terminals', { body });
      made.push(await BareTerminal.claim(cloudUrl, claimCode));
    }
  });
  return made;
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Runs `work` for each, so many at a time. */
async function inGroups<T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const one = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: size }, one));
}

function residentMb({ neighbourhood }: FaultTown): number {
  const pid = neighbourhood.cloud.pid;
  if (pid === undefined) return 0;
  const [, kb = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1_024;
}
