import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

const rounds = 24;
/** The second person comes while the first one's clip is on: theirs does not lie ready. */
const secondAfterMs = 900;
const openMs = 500;

export interface DoorToFrame {
  /** The clip lay ready behind the one on the screen. */
  readonly readyMs: readonly number[];
  /** It had to be loaded first. */
  readonly coldMs: readonly number[];
  /** Of them, from the moment that the page heard of the choice. */
  readonly inPageMs: readonly number[];
}

/**
 * From the last key, sent to the simulated door, until the browser has presented the first frame of the clip: reader, serial line, agent, decision, page.
 * All programs are the real ones, the clips those of the demo.
 */
export async function doorToFrame(browser: Browser): Promise<DoorToFrame> {
  const world = await World.open({ house: true });
  try {
    await world.manager('PATCH /v1/terminals/:id/config', { params: { id: world.terminalId }, body: { openMs } });
    await world.terminalIsReady();
    const page = await browser.newPage({ viewport: { width: 720, height: 1280 } });
    await page.goto(world.doorway.screenUrl());
    const figures: { readyMs: number[]; coldMs: number[]; inPageMs: number[] } = {
      readyMs: [],
      coldMs: [],
      inPageMs: [],
    };
    for (let round = 0; round < rounds; round += 1) {
      await waitUntil('the ambient clip, and another behind', () => isWaiting(page), { withinMs: 60_000 });
      await world.doorIsShut();
      const first = await openAndSee(world, page, round);
      figures.readyMs.push(first.fromKeyMs);
      figures.inPageMs.push(first.inPageMs);
      await pause(secondAfterMs);
      const second = await openAndSee(world, page, round + 1);
      figures.coldMs.push(second.fromKeyMs);
    }
    return figures;
  } finally {
    await world.close();
  }
}

const isWaiting = (page: Page) =>
  page.evaluate(() => {
    const behind = document.querySelector<HTMLVideoElement>('video.clip:not(.front)');
    const { state, occasion } = document.documentElement.dataset;
    return state === 'idle' && occasion === 'ambient' && behind !== null && behind.readyState >= 2;
  });

interface FirstFrame {
  readonly decision: string;
  /** On the wall clock. */
  readonly at: number;
  readonly inPageMs: number;
}

async function openAndSee(world: World, page: Page, resident: number) {
  const keys = world.keysOf(resident % world.founded.residents.length);
  const before = (await firstFrames(page)).length;
  await world.type(keys.slice(0, -1));
  // The reader has passed on what was typed so far.
  await pause(200);
  const typedAt = performance.timeOrigin + performance.now();
  await world.type(keys.slice(-1));
  const frame = await waitUntil('the first frame', async () => (await firstFrames(page))[before], { withinMs: 15_000 });
  return { fromKeyMs: frame.at - typedAt, inPageMs: frame.inPageMs };
}

/** The page marks each clip's first frame, when the browser tells of it. */
const firstFrames = (page: Page): Promise<FirstFrame[]> =>
  page.evaluate(() => {
    const marks = performance.getEntriesByType('mark');
    return marks
      .filter(({ name }) => name.startsWith('first-frame:'))
      .flatMap(({ name, startTime }) => {
        const decision = name.slice('first-frame:'.length);
        const told = marks.find((mark) => mark.name === `decision:${decision}`);
        return told ? [{ decision, at: performance.timeOrigin + startTime, inPageMs: startTime - told.startTime }] : [];
      });
  });
