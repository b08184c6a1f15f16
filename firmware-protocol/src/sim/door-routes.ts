import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { DoorStation } from './door-station.ts';
import { doorProblem } from './http-problem.ts';
import {
  cardRequest,
  codeRequest,
  contactRequest,
  emptyRequest,
  faultRequest,
  fireRequest,
  keypadRequest,
  readBody,
} from './requests.ts';
import { wiegandBits } from './wiegand.ts';

/** What fits into one OSDP frame beside header, reply head, a later secure channel's block, MAC and padding. */
const CODE_BYTES_MAX = 1_024;

type DoorRoute = (station: DoorStation, request: IncomingMessage) => Promise<unknown>;

/** What can happen at the door. Each answers 200 with the state right after it. */
export const DOOR_ROUTES: Readonly<Record<string, DoorRoute>> = {
  '/keypad': async (station, request) => {
    const { digits } = await readBody(request, keypadRequest);
    requireController(station);
    requireAccepted(station.act((door, nowMs) => door.typeKeys(digits, nowMs)));
  },
  '/card': async (station, request) => {
    const card = await readBody(request, cardRequest);
    const bits = cardBits(station, card);
    if (bits === undefined) {
      throw doorProblem('body-invalid', 'hex is 6 digits for wiegand26 and 8 for wiegand34');
    }
    requireController(station);
    requireAccepted(station.act((door) => door.presentCard(bits)));
  },
  '/qr': async (station, request) => {
    const { text } = await readBody(request, codeRequest);
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > CODE_BYTES_MAX) {
      throw doorProblem('code-too-long', `A code has ${CODE_BYTES_MAX} bytes at most: it travels in one frame.`);
    }
    requireController(station);
    requireAccepted(station.act((door) => door.presentCode(bytes)));
  },
  '/contact': async (station, request) => {
    const { open } = await readBody(request, contactRequest);
    station.act((door) => door.setContact(open));
  },
  '/exit': async (station, request) => {
    await readBody(request, emptyRequest);
    station.act((door, nowMs) => door.pressExit(nowMs));
  },
  '/fire': async (station, request) => {
    const { active } = await readBody(request, fireRequest);
    station.act((door, nowMs) => door.setFire(active, nowMs));
  },
  '/fault': async (station, request) => {
    const { busy, nak, powerCut, ...rates } = await readBody(request, faultRequest);
    station.setFaults(Object.fromEntries(Object.entries(rates).filter(([, value]) => value !== undefined)));
    station.act((door) => {
      door.board.answerBusy(busy ?? 0);
      if (nak !== undefined) {
        door.board.refuseNext(nak);
      }
    });
    if (powerCut !== undefined && powerCut > 0) {
      station.cutPower(powerCut);
    }
  },
};

function cardBits(station: DoorStation, card: z.infer<typeof cardRequest>): string | undefined {
  if ('bits' in card) {
    return card.bits;
  }
  return 'hex' in card ? wiegandBits(card.hex, card.format) : wiegandBits(station.card, 'wiegand26');
}

/** Without a controller the board throws keys and cards away, as boards do. */
function requireController(station: DoorStation): void {
  if (!station.state().linkOnline) {
    throw doorProblem('no-controller', 'No controller has spoken to the door within the last 8 s.');
  }
}

function requireAccepted(isAccepted: boolean): void {
  if (!isAccepted) {
    throw doorProblem('queue-full', 'The board holds as many unread keys and cards as it can.');
  }
}
