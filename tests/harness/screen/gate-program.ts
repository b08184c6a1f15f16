import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { after, days, halfHourOf, minutes, systemClock } from '@gatecast/firmware-protocol';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';
import { createJournal } from '../../../edge-agent/src/journal/journal.ts';
import { cell, entrance, entry, neighbourhoodPlan } from '../../../edge-agent/src/player/plan.fixture.ts';
import {
  cloudWith,
  documentsInMemory,
  gateConfig,
  manifestOf,
  openingAt,
  playerParts,
} from '../../../edge-agent/src/player/player.fixture.ts';
import { createPlayer } from '../../../edge-agent/src/player/player.ts';
import { Store } from '../../../edge-agent/src/store/store.ts';

interface KeptFilm {
  readonly file: string;
  readonly clip: MediaClip;
}

/** What the program is told in `GATE`, as JSON. */
export interface GateProgramOptions {
  readonly dataDir: string;
  /** 0: any free one. */
  readonly port: number;
  /** The house's and the one that is sold. */
  readonly films: readonly [KeptFilm, KeptFilm];
}

/**
 * A gate's player with its real journal and memory on the disk, in a process of its own, to be killed. Prints the kiosk's URL; each line that it reads is
 * somebody who is let in, and it prints the touch.
 */
const { dataDir, port, films } = JSON.parse(process.env['GATE'] ?? '') as GateProgramOptions;
const [house, sold] = films.map(({ clip }) => clip.sha256) as [string, string];
const begin = halfHourOf(systemClock.now());
const plan = neighbourhoodPlan(
  [begin, after(begin, minutes(30))].map((at) => cell([entry({ clip: sold })], { at })),
  { validFrom: begin, validTo: after(begin, days(1)), house: [{ clip: house, segment: 'all' }] },
);
const store = new Store({ dataDir });
await store.start();
await store.beginRun();
const journal = createJournal({ store, clock: systemClock, clockQuality: () => 'synced', boot: String(process.pid) });
const files = await Promise.all(films.map(({ file }) => readFile(file)));
const player = createPlayer(
  playerParts(dataDir, {
    journal,
    documents: documentsInMemory({ config: gateConfig(), plan, media: manifestOf(...films.map(({ clip }) => clip)) }),
    memory: {
      get: (key) => store.snapshot.values.get(`player/${key}`),
      set: (key, value) => store.setValue(`player/${key}`, value),
    },
    mediaDir: join(dataDir, 'media'),
    fetchMedia: cloudWith(files),
    screen: {
      port,
      frameAncestors: [],
      pageDir: fileURLToPath(new URL('../../../dashboards/dist/screen', import.meta.url)),
    },
  }),
);
const { url } = await player.start();
console.log(url);
for await (const _ of createInterface(process.stdin)) {
  const opening = openingAt();
  player.listener.opened(opening);
  player.listener.contact(entrance, true);
  console.log(opening.touch);
}
