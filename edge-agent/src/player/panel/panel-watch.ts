import { seconds, type Clock } from '@gatecast/firmware-protocol';
import type { PlayBody } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import { noProbe, type PanelProbe, type PanelState } from './panel-probe.ts';

/** A fourth fact of a play, never mixed with the three counters. */
export type PanelEvidence = Pick<PlayBody, 'panel' | 'panelBy'>;

export interface PanelWatch {
  start(): Promise<void>;
  /** Idempotent. */
  stop(): void;
  /** What the readings say of a span of the monotonic clock; answers at once. */
  during(fromMono: number, toMono: number): PanelEvidence;
}

export interface PanelReading {
  readonly mono: number;
  readonly state: PanelState;
}

/** Files cost nothing; a word over CEC takes a tenth of a second of a slow bus. */
export const panelEveryMs = seconds(10);
/** A reading says something of what comes after it for so long; one may fail and the next still follows on. */
const readingHoldsMs = 2.5 * panelEveryMs;
/** The longest ambient turn and some. */
const readingsMax = 256;

/** Reads the panel every ten seconds, away from the plays, which take what was read last. One reading at a time: a slow probe is asked less often. */
export function createPanelWatch(clock: Clock, log: Logger, findProbe: () => Promise<PanelProbe>): PanelWatch {
  const readings: PanelReading[] = [];
  let probe = noProbe;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  /** A machine without memory for another process must not bring the door's own down. */
  async function read(): Promise<PanelState> {
    try {
      return await probe.read();
    } catch (err) {
      log.warn({ err, probe: probe.by }, 'the panel could not be read');
      return 'unproven';
    }
  }

  async function turn(): Promise<void> {
    const state = await read();
    if (isStopped) return;
    readings.push({ mono: clock.mono(), state });
    if (readings.length > readingsMax) readings.shift();
    timer = setTimeout(() => void turn(), panelEveryMs);
    timer.unref();
  }

  return {
    async start() {
      isStopped = false;
      probe = await findProbe();
      if (probe !== noProbe) await turn();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
    during: (fromMono, toMono) => ({ panel: evidenceOf(readings, fromMono, toMono), panelBy: probe.by }),
  };
}

/**
 * What readings, oldest first, prove of a span: `off` if any in it or the last one before says so, `on` if at least one says so and each moment of the span
 * is near one that does; `unproven` otherwise.
 */
export function evidenceOf(readings: readonly PanelReading[], fromMono: number, toMono: number): PanelState {
  const before = readings.findLast(({ mono }) => mono <= fromMono);
  const known = before && fromMono - before.mono <= readingHoldsMs ? [before] : [];
  const concerned = [...known, ...readings.filter(({ mono }) => mono > fromMono && mono <= toMono)];
  if (concerned.some(({ state }) => state === 'off')) return 'off';
  let provenTo = fromMono;
  for (const { mono, state } of concerned) {
    if (mono > provenTo) return 'unproven';
    if (state === 'on') provenTo = Math.max(provenTo, mono + readingHoldsMs);
  }
  return concerned.some(({ state }) => state === 'on') && provenTo >= toMono ? 'on' : 'unproven';
}
