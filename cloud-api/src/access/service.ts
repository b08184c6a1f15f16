import { hours, type InstantMs } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import { createAccessLists, residentPins, type AccessLists } from './lists.ts';
import { createPassKeys, type PassKeyBook } from './pass-keys.ts';
import { createPasses, type Passes } from './passes.ts';
import { namesKeptMs } from './rules.ts';
import { forgetNames } from './log-store.ts';

export interface Access {
  readonly passes: Passes;
  readonly passKeys: PassKeyBook;
  readonly lists: AccessLists;
}

export function createAccess(platform: Platform, communities: Communities, terminals: Terminals): Access {
  const { store, clock, jobs } = platform;
  const passKeys = createPassKeys(platform);
  const lists = createAccessLists(platform, communities, terminals, passKeys);
  residentPins(platform, communities, lists);

  jobs.handle('access.forget-names', {
    everyMs: hours(6),
    run: () => store.tx((q) => forgetNames(q, (clock.now() - namesKeptMs) as InstantMs)),
  });

  return {
    passKeys,
    lists,
    passes: createPasses(platform, communities, terminals, lists),
  };
}
