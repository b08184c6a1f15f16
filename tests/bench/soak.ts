import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { buildDashboards } from '../../dashboards/build.ts';
import { at, entrance } from '../../edge-agent/src/player/plan.fixture.ts';
import { clipOf, temporaryDir } from '../../edge-agent/src/player/player.fixture.ts';
import { openBrowser } from '../harness/browser.ts';
import { accountOf } from '../harness/screen/account.ts';
import { glassOf, watchGlass } from '../harness/screen/glass.ts';
import { numberedFilm, type Film } from '../harness/screen/numbered-film.ts';
import { rendererBytes } from '../harness/screen/renderer-bytes.ts';
import { openScreenGate, type ScreenGate } from '../harness/screen/screen-gate.ts';
import { waitUntil } from '../harness/wait-until.ts';
import type { Bench } from './bench.ts';
import { median, quantile, rounded } from './median.ts';

const usualMinutes = 10;
const size = { width: 352, height: 640 };
/** Every clip that fails is left alone for ten minutes. */
const corruptFilms = 8;
/** From one visit to the next. */
const visitEveryMs = 4_500;
/** One visit of so many is not an opening. */
const otherEvery = 7;
const emergencyMs = 2_000;
/** The clock of the gate is set back before its half-hour ends. */
const halfHourMs = 25 * 60_000;

/**
 * A gate on a busy morning, for minutes (`--minutes 10`): house clips, two adverts that are whole and eight that are no film or break off in the middle,
 * with refusals and emergencies between the openings. Somebody reads every frame from the glass, and its account is laid beside the journal's.
 */
export const run: Bench = async (say) => {
  const { values } = parseArgs({ options: { minutes: { type: 'string' } }, strict: false });
  const minutes = Number(values.minutes ?? usualMinutes);
  await buildDashboards({ only: ['screen'] });
  const dir = await temporaryDir();
  const browser = await openBrowser();
  const films = await makeFilms(dir.path);
  const gate = await openScreenGate(dir.path, '07:30', {
    house: films.house.map((film) => ({ film, segment: 'families' as const })),
    sold: films.sold,
  });
  try {
    const page = await browser.newPage({ viewport: size });
    await watchGlass(page);
    await page.goto(gate.url);
    await waitUntil('the house’s clip', () => page.$('html[data-occasion=ambient]'));
    const megabytes = await visits(gate, page, minutes, say, () => rendererBytes(browser));
    await waitUntil('the last visitor to be gone', () => page.$('html[data-occasion=ambient]'), { withinMs: 20_000 });
    const { glass, truth } = await accountOf(page, gate, films.all);
    say(JSON.stringify(truth));
    const plays = gate.plays();
    return {
      minutes,
      plays: truth.plays,
      blackMsMax: rounded(glass.blackMsMax, 0),
      stillMsMax: rounded(glass.stillMsMax, 0),
      seamMsP95: rounded(quantile(glass.seamsMs, 0.95), 0),
      transitions: glass.seamsMs.length,
      stalls: plays.filter(({ endReason }) => endReason === 'stalled').length,
      errors: plays.filter(({ endReason }) => endReason === 'error').length,
      errorsRecovered: recovered(gate),
      truthPercent: rounded(truth.framePercent, 3),
      unreadPercent: rounded((100 * truth.framesUnread) / truth.framesSeen, 2),
      timeTruthPercent: rounded(truth.timePercent, 3),
      wrongPlays: truth.wrong.length + truth.missing.length,
      rendererMb: rounded(median(megabytes.slice(-windowOf(megabytes))), 1),
      rendererGrowthMb: rounded(growth(megabytes), 1),
    };
  } finally {
    await browser.close();
    await gate.player.stop();
    await dir.remove();
  }
};

async function makeFilms(dir: string) {
  const film = (no: number, frames: number) => numberedFilm(dir, { no, frames, ...size });
  const house = [await film(1, 75), await film(2, 100)];
  const whole = [await film(3, 75), await film(4, 100)];
  const corrupt = Array.from({ length: corruptFilms }, (_, index) =>
    index % 2 === 0 ? noFilm(index) : tornApart(whole[0], index),
  );
  return { house, sold: [...whole, ...corrupt], all: [...house, ...whole, ...corrupt] };
}

const noFilm = (no: number): Film =>
  clipOf(Buffer.from(`this is no film ${no}`.repeat(1_000)), { durationMs: 4_000, ...size });

/** The second half of its data is noise: it begins to play, and breaks off. */
function tornApart(film: Film | undefined, no: number): Film {
  if (!film) throw new RangeError('there is no film to tear apart');
  const torn = Buffer.from(film.bytes);
  for (let index = Math.floor(torn.length / 2); index < torn.length; index += 1)
    torn[index] = (index * 7919 + no) % 251;
  const { durationMs, width, height } = film.clip;
  return clipOf(torn, { durationMs, width, height });
}

/** Somebody every few seconds; resolves with the renderer's memory in megabytes, measured at each visit. */
async function visits(
  gate: ScreenGate,
  page: Page,
  minutes: number,
  say: (line: string) => void,
  memory: () => Promise<number>,
): Promise<number[]> {
  const megabytes: number[] = [];
  const beganMs = performance.now();
  let setMs = beganMs;
  for (let visit = 1; performance.now() - beganMs < minutes * 60_000; visit += 1) {
    if (visit % otherEvery === 0) await somethingElse(gate, visit);
    else gate.open();
    await pause(visitEveryMs);
    gate.close();
    megabytes.push((await memory()) / 1e6);
    if (performance.now() - setMs > halfHourMs) {
      gate.setTime('07:30');
      setMs = performance.now();
    }
    if (visit % 20 === 0) {
      const { blackMsMax, seamsMs } = await glassOf(page);
      say(
        `${visit} visits, ${seamsMs.length} transitions, black ${Math.round(blackMsMax)} ms, ${(megabytes.at(-1) ?? 0).toFixed(0)} MB`,
      );
    }
  }
  return megabytes;
}

async function somethingElse(gate: ScreenGate, visit: number): Promise<void> {
  if (visit % 2 === 0) {
    gate.player.listener.refused(entrance, 'wrong-pin');
    return;
  }
  const notice = { id: 'note_1', level: 'emergency' as const, title: '演习', text: '消防演习', entrances: null };
  gate.open();
  await pause(emergencyMs / 2);
  gate.documents.apply('plan', {
    plan: { ...gate.plan, notices: [{ ...notice, from: at('00:00'), to: at('23:59') }] },
  });
  await pause(emergencyMs);
  gate.documents.apply('plan', { plan: gate.plan });
}

/** Errors after which another clip was seen. */
function recovered(gate: ScreenGate): number {
  const plays = gate.plays();
  return plays.filter(
    (play, index) => play.endReason === 'error' && plays.slice(index + 1).some((next) => next.rendered),
  ).length;
}

const windowOf = (values: readonly number[]): number => Math.max(1, Math.floor(values.length / 5));

/** From the second fifth to the last: the first one fills the caches. */
function growth(megabytes: readonly number[]): number {
  const window = windowOf(megabytes);
  return median(megabytes.slice(-window)) - median(megabytes.slice(window, 2 * window).concat(megabytes[0] ?? 0));
}
