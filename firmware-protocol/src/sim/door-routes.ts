import type { z } from 'zod';
import type { DoorSide } from './door-hardware.ts';
import type { DoorReader } from './door-reader.ts';
import type { DoorStation } from './door-station.ts';
import { doorProblem } from './http-problem.ts';
import type { StationRoute } from './http-server.ts';
import {
  activeRequest,
  bounceRequest,
  cardRequest,
  codeRequest,
  contactRequest,
  emptyRequest,
  faultRequest,
  keypadRequest,
  powerRequest,
  readBody,
} from './requests.ts';
import { wiegandBits } from './wiegand.ts';

/** What fits into one OSDP frame beside header, reply head, a secure channel's block, MAC and padding. */
const CODE_BYTES_MAX = 1_024;

/** What can happen at the door. Each answers 200 with the state right after it. */
export const DOOR_ROUTES: Readonly<Record<string, StationRoute<DoorStation>>> = {
  '/keypad': async (station, request) => {
    const { digits, side } = await readBody(request, keypadRequest);
    useReader(station, side, (reader, nowMs) => reader.typeKeys(digits, nowMs));
  },
  '/card': async (station, request) => {
    const card = await readBody(request, cardRequest);
    const bits = cardBits(station, card);
    if (bits === undefined) {
      throw doorProblem('body-invalid', 'hex is 6 digits for wiegand26 and 8 for wiegand34');
    }
    useReader(station, card.side, (reader) => reader.presentCard(bits));
  },
  '/qr': async (station, request) => {
    const { text, side } = await readBody(request, codeRequest);
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > CODE_BYTES_MAX) {
      throw doorProblem('code-too-long', `A code has ${CODE_BYTES_MAX} bytes at most: it travels in one frame.`);
    }
    useReader(station, side, (reader) => reader.presentCode(bytes));
  },
  '/contact': async (station, request) => {
    const { open } = await readBody(request, contactRequest);
    station.act((door) => door.setContact(open));
  },
  '/bounce': async (station, request) => {
    const { times } = await readBody(request, bounceRequest);
    station.act((door, nowMs) => door.bounceContact(times, nowMs));
  },
  '/exit': async (station, request) => {
    await readBody(request, emptyRequest);
    station.act((door, nowMs) => door.pressExit(nowMs));
  },
  '/fire': async (station, request) => {
    const { active } = await readBody(request, activeRequest);
    station.act((door, nowMs) => door.setFire(active, nowMs));
  },
  '/tamper': async (station, request) => {
    const { active } = await readBody(request, activeRequest);
    station.act((door) => door.setTamper(active));
  },
  '/power': async (station, request) => {
    const { failed } = await readBody(request, powerRequest);
    station.act((door) => door.setPower(failed));
  },
  '/fault': async (station, request) => {
    const { busy, nak, powerCut, script, side, direction, ...rates } = await readBody(request, faultRequest);
    if (side !== undefined) {
      readerOn(station, side);
    }
    const changed = Object.entries(rates).filter(([, value]) => value !== undefined);
    station.setFaults(Object.fromEntries(changed), side, direction);
    station.disturb({ kind: 'busy', count: busy ?? 0 }, side);
    if (nak !== undefined) {
      station.disturb({ kind: 'nak', error: nak }, side);
    }
    if (powerCut !== undefined && powerCut > 0) {
      station.disturb({ kind: 'powerCut', durationMs: powerCut }, side);
    }
    if (script !== undefined) {
      station.setScript(script, side);
    }
  },
};

function cardBits(station: DoorStation, card: z.infer<typeof cardRequest>): string | undefined {
  if ('bits' in card) {
    return card.bits;
  }
  return 'hex' in card ? wiegandBits(card.hex, card.format) : wiegandBits(station.card, 'wiegand26');
}

function readerOn(station: DoorStation, side: DoorSide): DoorReader {
  const reader = station.door.readerOn(side);
  if (reader === undefined) {
    throw doorProblem('no-exit-reader', 'This door has no reader inside.');
  }
  return reader;
}

/** Without a controller a device throws keys and cards away, as devices do. */
function useReader(station: DoorStation, side: DoorSide, use: (reader: DoorReader, nowMs: number) => boolean): void {
  const reader = readerOn(station, side);
  station.act((_door, nowMs) => {
    if (!reader.view(nowMs).linkOnline) {
      throw doorProblem('no-controller', 'No controller has spoken to the reader within the last 8 s.');
    }
    if (!use(reader, nowMs)) {
      throw doorProblem('queue-full', 'The board holds as many unread keys and cards as it can.');
    }
  });
}
