import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFixture } from '@gatecast/edge-agent/cloud-fixture';
import { TerminalFixture } from '@gatecast/edge-agent/terminal-fixture';
import { reported } from '@gatecast/firmware-protocol/messages';
import { Program } from '../harness/program.ts';
import type { Bench } from './bench.ts';
import { DoorBoard } from './door-board.ts';
import { quantile, rounded } from './median.ts';

const openings = 1_000;
const cards = 200;
const openingsWithDead = 300;
const deadDevices = 3;
const watchedMs = 15_000;
const listSize = 20_000;
const listRounds = 8;
const newVersion = 2;
const unit = '1203';
const pin = '739154';
const baud = 115_200;
const entry = fileURLToPath(new URL('../../edge-agent/bin/gatecast-agent.js', import.meta.url));
/** Nobody listens there: the uplink is dead. */
const deadUplink = 'http://127.0.0.1:9';

/**
 * From the last key byte on the link to the last byte of the OUT command on it, for the agent as a program of its own, at a board that speaks
 * OSDP over TCP. `wireMs` is what these bytes alone take at 115200 baud (8N1, ten bits a byte): no controller can be faster. A card that nobody knows
 * is timed to the light that says so. With three dead devices on the bus also: how long the live one waits between two questions at rest, and how soon
 * one that returns is polled. `p99MsApplying` is over the openings between the moment when a list of 20,000 was asked for and the report that it is in force.
 */
export const run: Bench = async (say) => {
  const idle = await withAgent({ dead: 0, newList: false }, async ({ board }) => ({
    keysMs: await series(openings, () => board.openBy(`${unit}*${pin}#`)),
    cardsMs: await series(cards, (index) => board.refuseCard(index + 1)),
    outBytes: board.outBytes,
  }));
  say(`${openings} openings: p50 ${rounded(quantile(idle.keysMs, 0.5))} ms; ${cards} cards`);
  const withDead = await withAgent({ dead: deadDevices, newList: false }, async ({ board }) => ({
    keysMs: await series(openingsWithDead, () => board.openBy(`${unit}*${pin}#`)),
    gapsMs: await settledGaps(board),
    returnMs: await board.plugIn(deadDevices),
  }));
  say(
    `${openingsWithDead} openings with ${deadDevices} dead devices: p50 ${rounded(quantile(withDead.keysMs, 0.5))} ms`,
  );
  const applying = await whileListsArrive();
  say(`${applying.length} openings while ${listSize} credentials were applied, ${listRounds} times`);
  return {
    p50Ms: rounded(quantile(idle.keysMs, 0.5)),
    p99Ms: rounded(quantile(idle.keysMs, 0.99)),
    cardP99Ms: rounded(quantile(idle.cardsMs, 0.99)),
    p50Ms3Dead: rounded(quantile(withDead.keysMs, 0.5)),
    p99Ms3Dead: rounded(quantile(withDead.keysMs, 0.99)),
    liveGapMsP99: rounded(quantile(withDead.gapsMs, 0.99)),
    returnMs: rounded(withDead.returnMs),
    p99MsApplying: rounded(quantile(applying, 0.99)),
    openingsApplying: applying.length,
    wireMs: rounded((idle.outBytes * 10 * 1_000) / baud),
    openings,
  };
};

async function series(count: number, one: (index: number) => Promise<number>): Promise<readonly number[]> {
  const delaysMs: number[] = [];
  for (let index = 0; index < count; index += 1) delaysMs.push(await one(index));
  return delaysMs;
}

/** Dead devices are left alone for 5 s after a key: what follows is the bus at rest. */
async function settledGaps(board: DoorBoard): Promise<readonly number[]> {
  await board.gaps(6_000);
  return board.gaps(watchedMs);
}

interface Setting {
  readonly board: DoorBoard;
  readonly cloud: CloudFixture;
}

interface Town {
  readonly dead: number;
  /** With it the cloud is up, and has a list of 20,000 for the terminal. */
  readonly newList: boolean;
}

async function withAgent<Result>(
  { dead, newList }: Town,
  measure: (setting: Setting) => Promise<Result>,
): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const fixture = new TerminalFixture();
  const resident = fixture.unitPin(unit, pin);
  const keys = await fixture.furnish(dataDir, [resident], { more: dead });
  const cloud = new CloudFixture(fixture);
  cloud.knows(keys);
  if (newList) {
    const others = Array.from({ length: listSize - 1 }, (_, index) =>
      fixture.unitPin(String(100_000 + index), '802461'),
    );
    const list = fixture.list(keys.sealing.publicKey, [resident, ...others]);
    cloud.documents.set('access', fixture.envelope('access', newVersion, list));
    await cloud.start();
  }
  const board = new DoorBoard();
  const agent = new Program({
    name: 'agent',
    entry,
    logFile: join(dataDir, 'log'),
    env: {
      GATECAST_DATA_DIR: dataDir,
      GATECAST_CLOUD_URL: newList ? cloud.url : deadUplink,
      GATECAST_DOOR_LINK: `tcp://127.0.0.1:${await board.start()}`,
      GATECAST_SCREEN_PORT: '0',
      GATECAST_LOG_LEVEL: 'warn',
    },
  });
  try {
    await agent.start();
    await board.online();
    return await measure({ board, cloud });
  } finally {
    await agent.stop();
    await board.stop();
    await cloud.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A fresh agent finds the list waiting for it, and somebody types without a pause until it is in force. */
async function whileListsArrive(): Promise<readonly number[]> {
  const all: number[] = [];
  for (let round = 0; round < listRounds; round += 1) all.push(...(await whileOneListArrives()));
  return all;
}

const whileOneListArrives = (): Promise<readonly number[]> =>
  withAgent({ dead: 0, newList: true }, async ({ board, cloud }) => {
    const delaysMs: number[] = [];
    while (!isInForce(cloud)) {
      const delayMs = await board.openBy(`${unit}*${pin}#`);
      if (cloud.asked.has('access')) delaysMs.push(delayMs);
    }
    return delaysMs;
  });

function isInForce({ reports }: CloudFixture): boolean {
  const told = reports.map((report) => reported.parse(report)).filter(({ version }) => version === newVersion);
  const failed = told.find(({ state }) => state === 'failed');
  if (failed) throw new Error(`the list was refused: ${failed.reason}`);
  return told.length > 0;
}
