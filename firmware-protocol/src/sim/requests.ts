import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { doorProblem } from './http-problem.ts';
import { WIEGAND_FORMATS } from './wiegand.ts';

/** No request to a door needs more. */
const BODY_BYTES_MAX = 4 * 1024;
/** Keys in one request. */
const KEYS_MAX = 32;
/** Longest card number on Wiegand lines in use, and then some. */
const CARD_BITS_MAX = 256;
const FAULT_MS_MAX = 60_000;

export const keypadRequest = z.strictObject({
  digits: z
    .string()
    .max(KEYS_MAX)
    .regex(/^[0-9*#]+$/, 'only 0-9, * and #'),
});

export const cardRequest = z.union([
  z.strictObject({
    bits: z
      .string()
      .max(CARD_BITS_MAX)
      .regex(/^[01]+$/, 'only 0 and 1'),
  }),
  /** The card that lies beside the reader. */
  z.strictObject({}),
  z.strictObject({ hex: z.string().max(CARD_BITS_MAX / 4), format: z.enum(WIEGAND_FORMATS).default('wiegand26') }),
]);

export const codeRequest = z.strictObject({ text: z.string().min(1) });
export const contactRequest = z.strictObject({ open: z.boolean() });
export const fireRequest = z.strictObject({ active: z.boolean() });
export const emptyRequest = z.strictObject({}).optional();

const rate = z.number().min(0).max(1);
export const faultRequest = z
  .strictObject({
    drop: rate,
    corrupt: rate,
    duplicate: rate,
    delayMs: z.int().min(0).max(FAULT_MS_MAX),
    /** So many commands are answered BUSY. */
    busy: z.int().min(0).max(1_000),
    /** The next command that is no poll is refused with this NAK error. */
    nak: z.int().min(1).max(9),
    /** The board is without power for so long. */
    powerCut: z.int().min(0).max(FAULT_MS_MAX),
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
