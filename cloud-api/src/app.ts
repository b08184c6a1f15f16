import type { Clock } from '@gatecast/firmware-protocol';
import type { Config } from './config.ts';
import type { Store } from './platform/db/store.ts';
import type { Logger } from './platform/log.ts';
import { createPlatform, type Platform } from './platform/platform.ts';
import { platformRoutes } from './platform/routes.ts';

export interface AppParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface App {
  readonly platform: Platform;
  /** Answers a request without a socket, for tests; the server calls it too. */
  fetch(request: Request): Response | Promise<Response>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires the slices. Nothing happens before `start`. */
export function createApp(parts: AppParts): App {
  const platform = createPlatform(parts);
  platformRoutes(platform);
  return {
    platform,
    fetch: (request) => platform.api.app.fetch(request),
    start: () => platform.start(),
    stop: () => platform.stop(),
  };
}
