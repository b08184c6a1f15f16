import { fileURLToPath } from 'node:url';
import { elapsed, instant, systemClock, type Clock, type InstantMs } from '@gatecast/firmware-protocol';
import { playRows, type MediaClip, type Plan, type PlayBody } from '@gatecast/firmware-protocol/messages';
import type { Opening } from '../../../edge-agent/src/door/door-listener.ts';
import { at, cell, entrance, entry, neighbourhoodPlan } from '../../../edge-agent/src/player/plan.fixture.ts';
import {
  cloudWith,
  documentsInMemory,
  gateConfig,
  journalInMemory,
  manifestOf,
  memoryInMemory,
  openingAt,
  playerParts,
} from '../../../edge-agent/src/player/player.fixture.ts';
import { createPlayer, type Player } from '../../../edge-agent/src/player/player.ts';
import type { Film } from './numbered-film.ts';

const pageDir = fileURLToPath(new URL('../../../dashboards/dist/screen', import.meta.url));

export interface GateFilms {
  readonly house: readonly { readonly film: Film; readonly segment: Plan['house'][number]['segment'] }[];
  /** Sold in every half-hour of the morning, each for one share of the touches; without them every touch gets a house clip. */
  readonly sold: readonly Film[];
}

/**
 * The player of a terminal at a gate, whose wall clock shows what the test says: the real one with its HTTP server, journal and documents in memory.
 * `dir` keeps its clips. The page has to be built before.
 */
export async function openScreenGate(dir: string, time: string, { house, sold }: GateFilms) {
  let began = systemClock.now();
  let shown: InstantMs = at(time);
  const clock: Clock = {
    now: () => instant(shown + elapsed(began, systemClock.now())),
    mono: () => systemClock.mono(),
  };
  const share = Math.floor(1_000_000 / Math.max(1, sold.length));
  const entries = sold.map(({ clip }, index) => ({
    ...entry({ clip: clip.sha256, sharePpm: share }),
    campaign: `camp_${String(index).padStart(20, '0')}`,
    campaignNo: index + 1,
  }));
  const plan: Plan = {
    ...neighbourhoodPlan(entries.length > 0 ? [cell(entries)] : [], { notices: [] }),
    house: house.map(({ film, segment }) => ({ clip: film.clip.sha256, segment })),
  };
  const films = [...house.map(({ film }) => film), ...sold];
  const journal = journalInMemory();
  const clips: MediaClip[] = films.map(({ clip }) => clip);
  const documents = documentsInMemory({ config: gateConfig(), plan, media: manifestOf(...clips) });
  const parts = playerParts(dir, {
    clock,
    journal,
    memory: memoryInMemory(),
    documents,
    fetchMedia: cloudWith(films.flatMap(({ bytes, still }) => [bytes, ...(still ? [still] : [])])),
    screen: { port: 0, frameAncestors: [], pageDir },
  });
  const player: Player = createPlayer(parts);
  const { url } = await player.start();
  return {
    url,
    player,
    journal,
    documents,
    plan,
    campaigns: entries.map(({ campaign }) => campaign),
    setTime(to: string) {
      began = systemClock.now();
      shown = at(to);
    },
    /** The same terminal after a restart, at the same address. */
    async restart() {
      await player.stop();
      const port = Number(new URL(url).port);
      const again = createPlayer({ ...parts, screen: { ...parts.screen, port } });
      await again.start();
      return again;
    },
    /** Somebody is let in and stays in the open door, or before a lift. */
    open(change: Partial<Opening> = {}) {
      const opening = openingAt(clock, change);
      player.listener.opened(opening);
      if (opening.event === 'opening') player.listener.contact(entrance, true);
      return opening;
    },
    /** The lift opens its doors. */
    arrive: () => player.listener.contact(entrance, true),
    close: () => player.listener.contact(entrance, false),
    plays: (): PlayBody[] => journal.of('play').map((row) => playRows.play.parse(row)),
  };
}

export type ScreenGate = Awaited<ReturnType<typeof openScreenGate>>;
