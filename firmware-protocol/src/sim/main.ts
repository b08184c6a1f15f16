import { systemClock } from '../units/time.ts';
import { endWithParent } from '../node/parent-watch.ts';
import { readConfig } from './config.ts';
import type { DoorSimConfig } from './config.ts';
import { DeviceMemory } from './device-memory.ts';
import { DoorStation } from './door-station.ts';
import { DOOR_ROUTES } from './door-routes.ts';
import { StationHttpServer } from './http-server.ts';
import { DOOR_PAGE } from './page-files.ts';

/** The simulated door hardware as a program of its own. One JSON line on standard output says that it is ready. */
async function run(config: DoorSimConfig): Promise<void> {
  const { name, card, place, baud, autoWalk, hasExitReader, httpPort, frameAncestors, parentWatch } = config;
  const memory = new DeviceMemory(config.keyFile);
  memory.load();
  const station = new DoorStation({
    name,
    card,
    place,
    autoWalk,
    hasExitReader,
    memory,
    clock: systemClock,
    ...(baud !== undefined && { baud }),
  });
  const http = new StationHttpServer({
    station,
    routes: DOOR_ROUTES,
    page: DOOR_PAGE,
    port: httpPort,
    frameAncestors,
  });
  const stop = (): void => {
    Promise.all([station.stop(), http.stop()]).catch(fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (parentWatch) {
    endWithParent(stop);
  }
  const linkPort = await station.start();
  const ready = { ready: true, linkPort, httpPort: await http.start() };
  console.log(JSON.stringify(ready));
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

try {
  await run(readConfig(process.env));
} catch (error) {
  fail(error);
}
