import type { PayloadFault, PayloadReader } from './payload.ts';
import { PayloadWriter, TENTH_MS } from './payload.ts';

/** In the order of their control codes 0..6 (spec 6.11). */
export const OUTPUT_ACTIONS = [
  'none',
  'permanentOff',
  'permanentOn',
  'offAfterTimer',
  'onAfterTimer',
  'pulseOn',
  'pulseOff',
] as const;

/**
 * What an output is told. The `permanent…` pair stops a running timer, the `…AfterTimer` pair takes effect when it has run
 * out. `pulseOn` and `pulseOff` are timed by the device itself and then fall back to the permanent state: a door pulse stays
 * safe when the panel dies.
 */
export type OutputAction = (typeof OUTPUT_ACTIONS)[number];

/** `durationMs` is rounded up to a multiple of 100 and is at most {@link PULSE_MS_MAX}; only the two pulses heed it. */
export interface OutputControl {
  readonly output: number;
  readonly action: OutputAction;
  readonly durationMs: number;
}

/** 65,535 units of 100 ms. */
export const PULSE_MS_MAX = 6_553_500;

const OUTPUT_BYTES = 4;

export interface OutCommand {
  readonly kind: 'out';
  readonly outputs: readonly OutputControl[];
}

export function encodeOutputs(outputs: readonly OutputControl[]): Uint8Array {
  if (outputs.length === 0) {
    throw new RangeError('OUT needs at least one output');
  }
  const writer = new PayloadWriter(outputs.length * OUTPUT_BYTES);
  for (const { output, action, durationMs } of outputs) {
    writer.u8('output', output).u8('action', OUTPUT_ACTIONS.indexOf(action)).tenths16('output time', durationMs);
  }
  return writer.data;
}

export function readOutputs(reader: PayloadReader): OutCommand | PayloadFault {
  if (reader.remaining === 0 || reader.remaining % OUTPUT_BYTES !== 0) {
    return 'length';
  }
  const outputs: OutputControl[] = [];
  while (reader.remaining > 0) {
    const output = reader.u8();
    const action = OUTPUT_ACTIONS[reader.u8()];
    const durationMs = reader.u16() * TENTH_MS;
    if (action === undefined) {
      return 'value';
    }
    outputs.push({ output, action, durationMs });
  }
  return { kind: 'out', outputs };
}
