import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { DOOR_SIDES } from './door-hardware.ts';
import { doorProblem } from './http-problem.ts';
import { WIEGAND_FORMATS } from './wiegand.ts';

/** No request to a door needs more. */
const BODY_BYTES_MAX = 4 * 1024;
/** Keys in one request. */
const KEYS_MAX = 32;
/** Longest card number on Wiegand lines in use, and then some. */
const CARD_BITS_MAX = 256;
const FAULT_MS_MAX = 60_000;
const FAULT_STEPS_MAX = 64;
const FRAME_NUMBER_MAX = 1_000_000;
/** More would fill the board's queue, which holds as many reports. */
const BOUNCES_MAX = 25;

/** Before which reader; the entry unless said. */
const side = z.enum(DOOR_SIDES).default('entry');

export const keypadRequest = z.strictObject({
  digits: z
    .string()
    .max(KEYS_MAX)
    .regex(/^[0-9*#]+$/, 'only 0-9, * and #'),
  side,
});

export const cardRequest = z.union([
  z.strictObject({
    bits: z
      .string()
      .max(CARD_BITS_MAX)
      .regex(/^[01]+$/, 'only 0 and 1'),
    side,
  }),
  /** The card that lies beside the reader. */
  z.strictObject({ side }),
  z.strictObject({
    hex: z.string().max(CARD_BITS_MAX / 4),
    format: z.enum(WIEGAND_FORMATS).default('wiegand26'),
    side,
  }),
]);

export const codeRequest = z.strictObject({ text: z.string().min(1), side });
export const contactRequest = z.strictObject({ open: z.boolean() });
export const bounceRequest = z.strictObject({ times: z.int().min(1).max(BOUNCES_MAX) });
export const activeRequest = z.strictObject({ active: z.boolean() });
export const powerRequest = z.strictObject({ failed: z.boolean() });
export const emptyRequest = z.strictObject({}).optional();

const rate = z.number().min(0).max(1);
const faultMs = z.int().min(0).max(FAULT_MS_MAX);
const nakError = z.int().min(1).max(9);
const busyCount = z.int().min(0).max(1_000);

const scriptedFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['drop', 'corrupt', 'duplicate', 'wrongSequence']) }),
  z.strictObject({ kind: z.literal('delay'), delayMs: faultMs }),
  z.strictObject({ kind: z.literal('split'), gapMs: faultMs }),
  z.strictObject({ kind: z.literal('busy'), count: busyCount }),
  z.strictObject({ kind: z.literal('nak'), error: nakError }),
  z.strictObject({ kind: z.literal('powerCut'), durationMs: faultMs }),
]);
const direction = z.enum(['command', 'reply']);
const frameNumber = z.int().min(0).max(FRAME_NUMBER_MAX);
const faultStep = z.union([
  z.strictObject({ direction, fault: scriptedFault, at: frameNumber }),
  z.strictObject({ direction, fault: scriptedFault, after: frameNumber }),
]);

export const faultRequest = z
  .strictObject({
    drop: rate,
    corrupt: rate,
    duplicate: rate,
    wrongSequence: rate,
    split: rate,
    splitGapMs: faultMs,
    delayMs: faultMs,
    /** So many commands are answered BUSY. */
    busy: busyCount,
    /** The next command that is no poll is refused with this NAK error. */
    nak: nakError,
    /** The device is without power for so long. */
    powerCut: faultMs,
    /** Takes the place of the script before it. */
    script: z.array(faultStep).max(FAULT_STEPS_MAX),
    /** The device of one side; both unless said. */
    side: z.enum(DOOR_SIDES),
    /** For the rates; both ways unless said. */
    direction,
  })
  .partial();

/** The JSON body of a request, `undefined` without one. Rejects with `body-too-large`, `json-invalid` or `body-invalid`. */
export async function readBody<Body>(request: IncomingMessage, schema: z.ZodType<Body>): Promise<Body> {
  const text = await readText(request);
  const parsed = schema.safeParse(text === '' ? undefined : parseJson(text));
  if (!parsed.success) {
    throw doorProblem('body-invalid', z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' '));
  }
  return parsed.data;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) {
      throw doorProblem('body-too-large', `A request has ${BODY_BYTES_MAX} bytes at most.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw doorProblem('json-invalid', 'The body is not JSON.');
  }
}
