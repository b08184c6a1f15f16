import type { Posters } from '../content/posters.ts';
import { allow, ownRows } from '../platform/auth.ts';
import { page } from '../platform/contract.ts';
import type { Platform } from '../platform/platform.ts';
import type { ClipNames } from '../plays/clip-names.ts';
import type { Wall } from '../terminals/wall.ts';
import { wallQuery, wallScreen } from './contract.ts';

/** What each screen shows now: the terminals tell it, the record of plays knows what clips are called. */
export function screenWallRoutes({ api, store }: Platform, wall: Wall, clipNames: ClipNames, posters: Posters): void {
  api.route(
    {
      method: 'get',
      path: '/v1/screen-wall',
      tag: 'screens',
      summary: 'All screens of one’s communities: what plays now, the newest picture, and what is wrong',
      right: allow(['operator', 'property'], ownRows),
      query: wallQuery,
      reply: page(wallScreen),
    },
    async ({ who, query }) => {
      const found = await wall(who, query);
      const clips = found.items.flatMap(({ screen }) => screen?.clip ?? []);
      const titles = await clipNames.of(store.read, clips);
      const stills = await posters.ofFiles(store.read, clips);
      const titled = found.items.map((one) => ({
        ...one,
        clipTitle: titles.get(one.screen?.clip ?? '')?.title ?? null,
        clipPosterUrl: stills.get(one.screen?.clip ?? '') ?? null,
      }));
      return { ...found, items: titled };
    },
  );
}
