import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { playRows, type PlayBody } from '@gatecast/firmware-protocol/messages';
import type { Browser, Page, Request, Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { rowsOfBatch } from '../../edge-agent/src/journal/batch-rows.fixture.ts';
import { temporaryDir } from '../../edge-agent/src/player/player.fixture.ts';
import { Store } from '../../edge-agent/src/store/store.ts';
import { TerminalFixture } from '../../edge-agent/src/terminal.fixture.ts';
import { openBrowser } from '../harness/browser.ts';
import type { GateProgramOptions } from '../harness/screen/gate-program.ts';
import { numberedFilm, type Film } from '../harness/screen/numbered-film.ts';
import { waitUntil } from '../harness/wait-until.ts';

const program = fileURLToPath(new URL('../harness/screen/gate-program.ts', import.meta.url));
const terminal = new TerminalFixture();
let dir: Awaited<ReturnType<typeof temporaryDir>>;
let browser: Browser;
let options: GateProgramOptions;
let advert: string;
beforeAll(async () => {
  await buildDashboards({ only: ['screen'] });
  dir = await temporaryDir();
  await terminal.furnish(dir.path, []);
  const size = { width: 352, height: 640 };
  const house = await numberedFilm(dir.path, { no: 1, frames: 40, ...size });
  const sold = await numberedFilm(dir.path, { no: 2, frames: 40, ...size });
  const keep = async ({ bytes, clip }: Film) => {
    const file = join(dir.path, `${clip.sha256}.film`);
    await writeFile(file, bytes);
    return { file, clip };
  };
  advert = sold.clip.sha256;
  options = { dataDir: dir.path, port: 0, films: [await keep(house), await keep(sold)] };
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await dir?.remove();
});

const running = new Set<ChildProcess>();
afterEach(() => running.forEach((child) => child.kill('SIGKILL')));

/** The agent's process: `open` lets somebody in and resolves with the touch. */
async function startGate(port: number) {
  const env = { ...process.env, GATE: JSON.stringify({ ...options, port }) };
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  if (!child.stdout) throw new Error('the gate says nothing');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const say = async (): Promise<string> => String((await lines.next()).value);
  return {
    url: await say(),
    open: () => {
      child.stdin?.write('open\n');
      return say();
    },
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function playsOnDisk(): Promise<PlayBody[]> {
  const store = new Store({ dataDir: dir.path });
  await store.start();
  const batch = await store.nextBatch({ stream: 'play', rowsMax: 10_000, bytesMax: 10_000_000 });
  await store.stop();
  const key = { terminal: terminal.terminal, epoch: 1, stream: 'play' } as const;
  return rowsOfBatch(key, batch).flatMap((row) => (row.kind === 'play' ? [playRows.play.parse(row.body)] : []));
}

/** Of a play for somebody: the ambient ones do not finish. */
const isReport = (request: Request) => request.url().includes('/plays') && /"finished"/.test(request.postData() ?? '');
/** That it counts. What was told before a cut and had no answer is told once more afterwards, and refused. */
const isAnswer = (response: Response) => response.ok() && isReport(response.request());
/** How far a play has come when the power goes, and what must be left of it. */
const stages: readonly {
  readonly name: string;
  readonly until: (page: Page) => Promise<unknown>;
  readonly rows: readonly number[];
}[] = [
  { name: 'chosen, nothing shown yet', until: () => Promise.resolve(), rows: [0] },
  {
    name: 'in the middle',
    until: (page) => page.waitForSelector('html[data-occasion=touch][data-first-frame-ms]'),
    rows: [0],
  },
  { name: 'told, but not answered', until: (page) => page.waitForRequest(isReport), rows: [0, 1] },
  { name: 'answered', until: (page) => page.waitForResponse(isAnswer), rows: [1] },
];

it('a play whose power is cut counts once or not at all, and the page goes on by itself', async () => {
  let gate = await startGate(0);
  const port = Number(new URL(gate.url).port);
  const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  await page.goto(gate.url);
  const touches: { readonly touch: string; readonly rows: readonly number[]; readonly stage: string }[] = [];
  for (const { name, until, rows } of stages) {
    await waitUntil('the house’s clip', () => page.$('html[data-state=idle][data-occasion=ambient]'), {
      withinMs: 30_000,
    });
    await waitUntil('the advert behind', () => page.$(`video:not(.front)[src*="${advert}"]`), { withinMs: 10_000 });
    const reached = until(page);
    touches.push({ touch: await gate.open(), rows, stage: name });
    await reached;
    await gate.kill();
    gate = await startGate(port);
  }
  await waitUntil('the house’s clip after the last cut', () => page.$('html[data-state=idle][data-occasion=ambient]'));
  const last = page.waitForResponse(isAnswer);
  touches.push({ touch: await gate.open(), rows: [1], stage: 'after all cuts' });
  await last;
  await gate.kill();

  const plays = await playsOnDisk();
  for (const { touch, rows, stage } of touches)
    expect(rows, stage).toContain(plays.filter((play) => play.touch === touch).length);
  // Those that were answered were shown whole.
  const counted = plays.filter(({ clip, endReason }) => clip === advert && endReason === 'finished');
  expect(counted.length).toBeGreaterThanOrEqual(2);
  for (const play of counted) expect(play).toMatchObject({ rendered: true, completed: true });
}, 120_000);
