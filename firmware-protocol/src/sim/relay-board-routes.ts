import { z } from 'zod';
import { EXCEPTION } from '../modbus/codes.ts';
import { doorProblem } from './http-problem.ts';
import type { StationRoute } from './http-server.ts';
import type { RelayBoardStation } from './relay-board-station.ts';
import { activeRequest, bounceRequest, contactRequest, emptyRequest, readBody } from './requests.ts';

const FAULT_MS_MAX = 60_000;
const rate = z.number().min(0).max(1);
const faultMs = z.int().min(0).max(FAULT_MS_MAX);

const pressRequest = z.strictObject({ floor: z.int() });
const faultRequest = z
  .strictObject({
    drop: rate,
    corrupt: rate,
    duplicate: rate,
    split: rate,
    splitGapMs: faultMs,
    delayMs: faultMs,
    losesObedience: z.boolean(),
    /** The next order is refused with this exception. */
    exception: z.int().min(EXCEPTION.illegalFunction).max(EXCEPTION.gatewayNoAnswer),
    /** The board is without power for so long. */
    powerCut: faultMs,
  })
  .partial();

/** What can happen at the door, the lift and the line of a relay board. Each answers 200 with the state right after it. */
export const RELAY_ROUTES: Readonly<Record<string, StationRoute<RelayBoardStation>>> = {
  '/contact': async (station, request) => {
    const { open } = await readBody(request, contactRequest);
    station.act((site) => site.door.setContact(open));
  },
  '/bounce': async (station, request) => {
    const { times } = await readBody(request, bounceRequest);
    station.act((site, nowMs) => site.door.bounceContact(times, nowMs));
  },
  '/exit': async (station, request) => {
    await readBody(request, emptyRequest);
    station.act((site, nowMs) => site.door.pressExit(nowMs));
  },
  '/fire': async (station, request) => {
    const { active } = await readBody(request, activeRequest);
    station.act((site, nowMs) => site.setFire(active, nowMs));
  },
  '/press': async (station, request) => {
    const { floor } = await readBody(request, pressRequest);
    const wasReleased = station.act((site, nowMs) => site.press(floor, nowMs));
    if (wasReleased === undefined) {
      throw doorProblem('no-such-floor', 'The lift has no such floor.');
    }
    if (!wasReleased) {
      throw doorProblem('floor-locked', 'The button of this floor does not work: nobody has released it.');
    }
  },
  '/fault': async (station, request) => {
    const { exception, powerCut, ...line } = await readBody(request, faultRequest);
    station.setFaults(Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined)));
    if (exception !== undefined) {
      station.act((site) => site.board.refuseNext(exception));
    }
    if (powerCut !== undefined && powerCut > 0) {
      station.cutPower(powerCut);
    }
  },
};
