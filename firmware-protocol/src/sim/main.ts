import { systemClock } from '../units/time.ts';
import { readConfig } from './config.ts';
import { DeviceMemory } from './device-memory.ts';
import { DOOR_ROUTES } from './door-routes.ts';
import { DoorStation } from './door-station.ts';
import { StationHttpServer } from './http-server.ts';
import { DOOR_PAGE } from './page-files.ts';
import { runStation } from './station-program.ts';

/** The simulated door hardware as a program of its own. */
await runStation(() => {
  const { httpPort, frameAncestors, parentWatch, keyFile, baud, ...door } = readConfig(process.env);
  const memory = new DeviceMemory(keyFile);
  memory.load();
  const station = new DoorStation({ ...door, memory, clock: systemClock, ...(baud !== undefined && { baud }) });
  const http = new StationHttpServer({ station, routes: DOOR_ROUTES, page: DOOR_PAGE, port: httpPort, frameAncestors });
  return { station, http, parentWatch };
});
