import { hours, type InstantMs } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import { createAccessLists, residentPins } from './lists.ts';
import { createPasses, type Passes } from './passes.ts';
import { namesKeptMs } from './rules.ts';
import { forgetNames } from './log-store.ts';

export interface Access {
  readonly passes: Passes;
}

export function createAccess(platform: Platform, communities: Communities, terminals: Terminals): Access {
  const { store, clock, jobs } = platform;
  const lists = createAccessLists(platform, terminals);
  residentPins(platform, communities, lists);

  jobs.handle('access.forget-names', {
    everyMs: hours(6),
    run: () => store.tx((q) => forgetNames(q, (clock.now() - namesKeptMs) as InstantMs)),
  });

  return {
    passes: createPasses(platform, communities, terminals, lists),
  };
}
