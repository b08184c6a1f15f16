import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Client } from '@gatecast/cloud-api/client';
import { dayOfGate } from '../../edge-agent/src/journal/busy-gate.fixture.ts';
import { Store } from '../../edge-agent/src/store/store.ts';
import { found, signedIn } from '../harness/founding.ts';
import { Neighbourhood, type Doorway } from '../harness/neighbourhood.ts';
import { waitUntil } from '../harness/wait-until.ts';
import type { Bench } from './bench.ts';
import { median, quantile, rounded } from './median.ts';

const days = 30;
const dayMs = 86_400_000;
/** The main gate of a community of a thousand households; a clip every twenty seconds for twelve hours. */
const gate = { openingsPerDay: 1_500, ambientPlaysPerDay: 2_160 };
const appendsAtOnce = 1_000;
const idleCommands = 10;
/** The shortest that a door opens for: the next command finds it shut. */
const openMs = 1_000;
const drainWithinMs = 900_000;
const megabyte = 1_000_000;

/**
 * Thirty days without an uplink of a busy gate in the terminal's own store; then the real agent hands them in to a real cloud over HTTP, while
 * somebody opens the door from afar again and again. `mb` is the store's folder at its largest, `commandDelayMs` what the slowest of these commands took
 * longer than one usually does, from the API call to the relay.
 */
export const run: Bench = async (say) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const neighbourhood = new Neighbourhood({ dataDir, portBase: 0, env: { GATECAST_LOG_LEVEL: 'warn' } });
  try {
    await neighbourhood.start();
    const founded = await found(neighbourhood, 1);
    const terminal = founded.terminals[0]?.id ?? '';
    const doorway = await neighbourhood.addDoorway(founded.terminals[0]?.claimCode);
    const manager = await signedIn(neighbourhood.cloudUrl, founded.property);
    await manager('PATCH /v1/terminals/:id/config', { params: { id: terminal }, body: { openMs } });
    await waitUntil('the terminal to be up', () => isUp(manager, terminal), { withinMs: 60_000 });
    const opener = { manager, terminal, doorway };
    const idle: number[] = [];
    for (let i = 0; i < idleCommands; i += 1) idle.push(await openFromAfar(opener));
    say(`a command takes ${rounded(median(idle))} ms at rest`);

    await doorway.agent.stop();
    const offline = await livesOffline(join(dataDir, 'agent'), neighbourhood.clock.now(), say);
    await doorway.agent.start();
    const began = performance.now();
    const cloud = new Database(join(dataDir, 'cloud', 'cloud.sqlite'), { readonly: true });
    const stored = cloud.prepare<[], { n: number | null }>('select sum(seq) n from journal_heads');
    const before = stored.get()?.n ?? 0;
    let isOver = false;
    const drained = waitUntil(
      'the backlog to be in the cloud',
      async () => (stored.get()?.n ?? 0) >= offline.lastSeqs,
      {
        withinMs: drainWithinMs,
      },
    ).finally(() => (isOver = true));
    const during: number[] = [];
    await waitUntil('the terminal to be back', () => isUp(manager, terminal), { withinMs: 60_000 });
    while (!isOver) during.push(await openFromAfar(opener));
    await drained;
    const seconds = (performance.now() - began) / 1_000;
    const rows = offline.lastSeqs - before;
    cloud.close();
    say(
      `${rows} rows in ${Math.round(seconds)} s; ${during.length} commands meanwhile, the slowest ${rounded(Math.max(...during))} ms`,
    );
    return {
      mb: rounded(offline.mb),
      rows,
      lost: offline.lost,
      drainPerSecond: Math.round(rows / seconds),
      commandDelayMs: Math.max(0, Math.round(quantile(during, 1) - median(idle))),
      commands: during.length,
    };
  } finally {
    await neighbourhood.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

async function isUp(manager: Client, id: string): Promise<boolean> {
  const { online, doorOnline, documents } = await manager('GET /v1/terminals/:id', { params: { id } });
  return online && doorOnline && documents.config.state === 'applied';
}

/** Writes the days into the agent's store as the agent would. `lastSeqs`: the last sequences of all streams together. */
async function livesOffline(agentDir: string, now: number, say: (line: string) => void) {
  const store = new Store({ dataDir: agentDir });
  await store.start();
  let mb = 0;
  for (let day = days; day > 0; day -= 1) {
    const start = now - day * dayMs;
    const entries = dayOfGate(gate, Math.random, start);
    for (let at = 0; at < entries.length; at += appendsAtOnce) {
      const appends = entries
        .slice(at, at + appendsAtOnce)
        .map(({ atMs, entry }) =>
          store.append({
            ...entry,
            wallMs: start + atMs,
            monoMs: (days - day) * dayMs + atMs,
            boot: 'bench',
            clock: 'holdover',
          }),
        );
      await Promise.all(appends);
    }
    mb = Math.max(mb, folderMb(agentDir));
  }
  const { door, play, health } = await store.reached();
  await store.stop();
  mb = Math.max(mb, folderMb(agentDir));
  const lost = [door, play, health].reduce((sum, { seq, acked, rows }) => sum + seq - acked - rows, 0);
  say(`${days} days: ${door.rows + play.rows + health.rows} rows in ${Math.round(mb)} MB, ${lost} lost`);
  return { mb, lost, lastSeqs: door.seq + play.seq + health.seq };
}

const folderMb = (folder: string): number =>
  readdirSync(folder)
    .filter((name) => name.startsWith('terminal.db'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / megabyte;

/** One opening from afar, and its way back to shut. Resolves with the milliseconds from the call to the relay. */
async function openFromAfar({
  manager,
  terminal,
  doorway,
}: {
  readonly manager: Client;
  readonly terminal: string;
  readonly doorway: Doorway;
}): Promise<number> {
  const state = async () => (await (await fetch(`${doorway.doorUrl}/state`)).json()) as { opens: number; lock: string };
  const { opens } = await state();
  const called = performance.now();
  await manager('POST /v1/terminals/:id/commands', { params: { id: terminal }, body: { kind: 'open' } });
  while ((await state()).opens === opens) {
    if (performance.now() - called > 20_000) throw new Error('a command never reached the door');
    await sleep(2);
  }
  const took = performance.now() - called;
  await waitUntil('the door to be shut', async () => (await state()).lock === 'secured', { withinMs: 20_000 });
  return took;
}
