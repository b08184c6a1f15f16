import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@gatecast/cloud-api/client';
import { StreamParser } from '@gatecast/firmware-protocol';
import { commandLifeMs } from '@gatecast/firmware-protocol/messages';
import { found, signedIn } from '../harness/founding.ts';
import { Neighbourhood } from '../harness/neighbourhood.ts';
import { pairReaders } from '../harness/pairing.ts';
import { waitUntil } from '../harness/wait-until.ts';
import type { Bench } from './bench.ts';
import { median, quantile, rounded } from './median.ts';
import { TappedLine } from './tapped-line.ts';

/** Each with its door. A terminal lets itself be asked for two openings a second; so many keep a series short. */
const terminals = 3;
const rounds = 5;
const openingsARound = 60;
/** Between two openings, at whichever door. */
const everyMs = 200;
const heldRounds = 2;
const heldARound = 8;
/** Held back for so long, a command is over when it comes. */
const heldMs = commandLifeMs + 1_000;
const delayedMs = 3_000;
const openMs = 500;
/** osdp_OUT: the relay command. */
const out = 0x68;
const downCommand = Buffer.from('/down/command');

/** One doorway with a tap on the cable to its hardware and one on its line to the broker. */
interface Tapped {
  readonly id: string;
  /** When each relay command passed, on `performance.now()`. */
  readonly outsMs: number[];
  readonly broker: TappedLine;
  /** What the broker sent it with commands in it, as it came. */
  readonly heard: Buffer[];
}

/**
 * A remote opening through the real programs, from the call to the API until the relay command is on the cable to the door's hardware:
 * medians of five rounds. Then the broker's traffic to the terminals is held back until the commands are over, or said again: every opening
 * after a command's ten seconds, and every second one of the same command, counts as `late`. `delayedOpened` shows that the tap lets through what
 * it holds for a shorter time.
 */
export const run: Bench = async (say) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const lines: TappedLine[] = [];
  const tapped: Tapped[] = [];
  const ports = new Map<string, Record<string, string>>();
  const neighbourhood = new Neighbourhood({
    dataDir,
    portBase: 0,
    env: { GATECAST_LOG_LEVEL: 'warn' },
    envOf: (program) => ports.get(program) ?? {},
  });
  try {
    const broker = brokerTap(() => neighbourhood.mqttUrl);
    lines.push(broker.line);
    ports.set('cloud', { GATECAST_BROKER_PUBLIC_URL: `mqtt://127.0.0.1:${await broker.line.start()}` });
    await neighbourhood.start();
    const founded = await found(neighbourhood, terminals);
    const manager = await signedIn(neighbourhood.cloudUrl, founded.property);
    for (const [index, { id, claimCode }] of founded.terminals.entries()) {
      const { line, outsMs } = doorTap(() => neighbourhood.doorways[index]?.linkPort ?? 0);
      lines.push(line);
      const name = index === 0 ? 'agent' : `agent-${index + 1}`;
      ports.set(name, { GATECAST_DOOR_LINK: `tcp://127.0.0.1:${await line.start()}` });
      await neighbourhood.addDoorway(claimCode);
      await manager('PATCH /v1/terminals/:id/config', { params: { id }, body: { openMs } });
      await pairReaders(manager, id);
      await waitUntil('the terminal to be ready', () => isReady(manager, id), { withinMs: 60_000 });
      tapped.push({ id, outsMs, broker: broker.line, heard: broker.heard });
    }
    const series = [];
    for (let round = 0; round < rounds; round += 1) series.push(await openings(manager, tapped));
    say(`${rounds * openingsARound} openings: ${series.map((one) => rounded(quantile(one, 0.5))).join(', ')} ms`);
    const [first] = tapped;
    if (!first) throw new Error('there is no terminal');
    const delayedOpened = await heldBack(manager, first, delayedMs);
    let late = 0;
    for (let round = 0; round < heldRounds; round += 1) late += await heldBack(manager, first, heldMs);
    late += await saidAgain(first);
    say(`${late} of ${heldRounds * heldARound} held back for ${heldMs} ms opened, ${delayedOpened} of ${delayedMs} ms`);
    return {
      p50Ms: rounded(median(series.map((one) => quantile(one, 0.5)))),
      p99Ms: rounded(median(series.map((one) => quantile(one, 0.99)))),
      late,
      heldBack: heldRounds * heldARound,
      delayedOpened,
      openings: rounds * openingsARound,
    };
  } finally {
    await neighbourhood.stop();
    await Promise.all(lines.map((line) => line.stop()));
    rmSync(dataDir, { recursive: true, force: true });
  }
};

function doorTap(linkPort: () => number) {
  const outsMs: number[] = [];
  const parser = new StreamParser();
  const onSent = (bytes: Buffer): void => {
    const now = performance.now();
    for (const item of parser.push(bytes)) if (item.kind === 'frame' && item.frame.code === out) outsMs.push(now);
  };
  return { outsMs, line: new TappedLine({ to: () => ({ host: '127.0.0.1', port: linkPort() }), onSent }) };
}

function brokerTap(mqttUrl: () => string) {
  const heard: Buffer[] = [];
  const to = () => {
    const { hostname: host, port } = new URL(mqttUrl());
    return { host, port: Number(port) };
  };
  const onAnswer = (bytes: Buffer): void => {
    if (bytes.includes(downCommand)) heard.push(bytes);
  };
  return { heard, line: new TappedLine({ to, onAnswer }) };
}

async function isReady(manager: Client, id: string): Promise<boolean> {
  const { online, doorOnline, documents } = await manager('GET /v1/terminals/:id', { params: { id } });
  return online && doorOnline && documents.config.state === 'applied' && documents.access.state === 'applied';
}

const open = (manager: Client, id: string) =>
  manager('POST /v1/terminals/:id/commands', { params: { id }, body: { kind: 'open' } });

/** Door after door, each opening awaited. Milliseconds from before the call until the relay command. */
async function openings(manager: Client, tapped: readonly Tapped[]): Promise<readonly number[]> {
  const delaysMs: number[] = [];
  for (let n = 0; n < openingsARound; n += 1) {
    const { id, outsMs } = tapped[n % tapped.length] ?? { id: '', outsMs: [] };
    const before = outsMs.length;
    const askedMs = performance.now();
    await open(manager, id);
    await waitUntil('the relay command', () => outsMs.length > before, { everyMs: 1 });
    delaysMs.push((outsMs[before] ?? Number.NaN) - askedMs);
    await pause(Math.max(0, everyMs - (performance.now() - askedMs)));
  }
  return delaysMs;
}

const ended: ReadonlySet<string> = new Set(['EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN']);

/** Asks for openings while the broker's traffic is held back for so long; resolves with how many of them opened once all have ended. */
async function heldBack(manager: Client, { id, outsMs, broker }: Tapped, ms: number): Promise<number> {
  const before = outsMs.length;
  broker.hold();
  const ids: string[] = [];
  for (let n = 0; n < heldARound; n += 1) ids.push((await open(manager, id)).id);
  await pause(ms);
  broker.release();
  const isOver = async (command: string) =>
    ended.has((await manager('GET /v1/commands/:id', { params: { id: command } })).state);
  await waitUntil('all commands to end', async () => (await Promise.all(ids.map(isOver))).every(Boolean), {
    withinMs: 60_000,
  });
  return outsMs.length - before;
}

/** The broker says again every command that it ever brought, to whoever is connected; resolves with how many opened. */
async function saidAgain({ outsMs, broker, heard }: Tapped): Promise<number> {
  const before = outsMs.length;
  for (const bytes of heard.slice()) broker.say(bytes);
  await pause(2_000);
  return outsMs.length - before;
}
