import { systemClock } from '../units/time.ts';
import { StationHttpServer } from './http-server.ts';
import { RELAY_PAGE } from './page-files.ts';
import { readRelaySimConfig } from './relay-board-config.ts';
import { RELAY_ROUTES } from './relay-board-routes.ts';
import { RelayBoardStation } from './relay-board-station.ts';
import { runStation } from './station-program.ts';

/** The simulated relay board as a program of its own. */
await runStation(() => {
  const { place, httpPort, frameAncestors, parentWatch, baud, ...site } = readRelaySimConfig(process.env);
  const station = new RelayBoardStation({ ...site, place, clock: systemClock, ...(baud !== undefined && { baud }) });
  const http = new StationHttpServer({
    station,
    routes: RELAY_ROUTES,
    page: RELAY_PAGE,
    port: httpPort,
    frameAncestors,
  });
  return { station, http, parentWatch };
});
