import type { Clock, ModbusOutcome, ModbusRequest } from '@gatecast/firmware-protocol';
import { instant, milliseconds } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UntimedRelays } from './modbus-untimed-relays.ts';

const relays = 6;
const clock: Clock = { now: () => instant(Date.now()), mono: () => milliseconds(performance.now()) };

/** A plain board behind a line that answers in order, and loses what it is told to lose. */
class PlainBoard {
  readonly relays = Array<boolean>(relays).fill(false);
  readonly frames: ModbusRequest[] = [];
  #lastAnswerMono = 0;
  /** What happens to the next orders. */
  fates: ('obeyed' | 'answer lost' | 'order lost')[] = [];

  send = (request: ModbusRequest): Promise<ModbusOutcome> => {
    const fate = this.fates.shift() ?? 'obeyed';
    const takesMs = fate === 'obeyed' ? 10 : 300;
    this.#lastAnswerMono = Math.max(this.#lastAnswerMono, performance.now()) + takesMs;
    return new Promise((resolve) => {
      setTimeout(() => resolve(this.#answer(request, fate)), this.#lastAnswerMono - performance.now());
    });
  };

  #answer(request: ModbusRequest, fate: string): ModbusOutcome {
    if (fate !== 'order lost') this.#obey(request);
    if (fate === 'obeyed') return { ok: true, response: { kind: 'writeCoils', start: 0, count: 1 } };
    return { ok: false, reason: 'expired', mayHaveRun: fate === 'answer lost', exception: undefined };
  }

  #obey(request: ModbusRequest): void {
    this.frames.push(request);
    if (request.kind === 'writeCoil') this.relays[request.address] = request.value !== 0;
    if (request.kind === 'writeCoils') {
      for (const [index, isOn] of request.values.entries()) this.relays[request.start + index] = isOn;
    }
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const step = fc.record({
  relays: fc.uniqueArray(fc.nat(relays - 1), { minLength: 1, maxLength: 3 }),
  durationMs: fc.integer({ min: 500, max: 5_000 }),
  secure: fc.boolean(),
  waitMs: fc.nat(3_000),
});
const fate = fc.constantFrom('obeyed' as const, 'answer lost' as const, 'order lost' as const);

it('leaves no relay on when all pulses are over, whatever the line has lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.array(fate, { maxLength: 12 }), async (steps, fates) => {
      const board = new PlainBoard();
      board.fates = [...fates];
      const untimed = new UntimedRelays(board.send, clock);
      for (const { relays: numbers, durationMs, secure, waitMs } of steps) {
        void (secure ? untimed.secure(numbers[0] ?? 0) : untimed.pulse(numbers, durationMs, {}));
        await vi.advanceTimersByTimeAsync(waitMs);
      }
      await vi.advanceTimersByTimeAsync(30_000);
      expect(board.relays).toEqual(Array<boolean>(relays).fill(false));
    }),
    { numRuns: 500 },
  );
});

it('keeps a relay on for as long as the longest order for it, and touches no other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const board = new PlainBoard();
      const untimed = new UntimedRelays(board.send, clock);
      const untilMono = new Map<number, number>();
      for (const { relays: numbers, durationMs, waitMs } of steps) {
        const pulsed = untimed.pulse(numbers, durationMs, {});
        await vi.advanceTimersByTimeAsync(100);
        expect(await pulsed).toBe('yes');
        for (const relay of numbers) {
          untilMono.set(relay, Math.max(untilMono.get(relay) ?? 0, performance.now() - 100 + durationMs));
        }
        await vi.advanceTimersByTimeAsync(waitMs);
        const mustBeOn = [...untilMono].filter(([, until]) => until > performance.now()).map(([relay]) => relay);
        const mayBeOn = [...untilMono].filter(([, until]) => until + 300 > performance.now()).map(([relay]) => relay);
        const on = board.relays.flatMap((isOn, relay) => (isOn ? [relay] : []));
        expect(on).toEqual(expect.arrayContaining(mustBeOn));
        expect(mayBeOn).toEqual(expect.arrayContaining(on));
      }
      await vi.advanceTimersByTimeAsync(10_000);
    }),
    { numRuns: 300 },
  );
});

it('switches everything off when it is stopped, also what is just being switched on', async () => {
  const board = new PlainBoard();
  const untimed = new UntimedRelays(board.send, clock);
  void untimed.pulse([0, 3], 5_000, {});
  await vi.advanceTimersByTimeAsync(50);
  void untimed.pulse([5], 5_000, {});
  const stopped = untimed.stop();
  await vi.advanceTimersByTimeAsync(100);
  await stopped;
  expect(board.relays).not.toContain(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(board.frames.length).toBe(6);
});
