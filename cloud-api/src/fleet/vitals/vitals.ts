import { hostname } from 'node:os';
import { seconds } from '@gatecast/firmware-protocol';
import { count, gt, sum } from 'drizzle-orm';
import type { Platform } from '../../platform/platform.ts';
import type { Vitals, VitalsSample } from './contract.ts';
import { perSecond, readPrometheus, total, type Sample } from './prometheus.ts';

const sampleMs = seconds(10);
/** Half an hour of them. */
const samplesMax = 180;
const timeoutMs = 3_000;
/** A page of figures that is longer is not the broker's. */
const pageBytesMax = 2 * 1024 * 1024;

export interface VitalsBook {
  show(): Promise<Vitals>;
  /** Takes one sample now; for tests. */
  sample(): Promise<void>;
  start(): void;
  stop(): void;
}

interface Reading {
  readonly at: number;
  readonly rows: number;
  readonly broker: readonly Sample[] | null;
}

/** How the broker and this process' ingest do: their counters, read every ten seconds and kept for half an hour in memory. */
export function createVitals({ config, clock, link, metrics, journal, store, log }: Platform): VitalsBook {
  const program = { name: `${hostname()}:${process.pid}`, startedAt: clock.now() };
  const samples: VitalsSample[] = [];
  let last: Reading | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lagMs: number | null = null;

  for (const stream of ['door', 'play', 'health'] as const) {
    journal.on(stream, async (_, { rows, receivedAt }) => {
      const newest = rows.at(-1);
      if (newest?.clock === 'synced') lagMs = Math.max(lagMs ?? 0, receivedAt - newest.wallMs, 0);
    });
  }

  const sample = async (): Promise<void> => {
    const broker = await brokerFigures(config.brokerMetricsUrl);
    const rows = (await storedRows()).reduce((all, { value }) => all + value, 0);
    const now: Reading = { at: clock.mono(), rows, broker };
    if (last) {
      samples.push({
        at: clock.now(),
        ...between(last, now),
        ingest: { rowsPerSecond: rowsBetween(last, now), lagMs },
      });
      if (samples.length > samplesMax) samples.shift();
    }
    lagMs = null;
    last = now;
  };
  const storedRows = async () => (await metrics.journalRows.get()).values;
  const sampleSafely = () => void sample().catch((err: unknown) => log.warn({ err }, 'cannot read the figures'));

  return {
    sample,
    start() {
      sampleSafely();
      timer = setInterval(sampleSafely, sampleMs);
    },
    stop: () => clearInterval(timer),
    async show() {
      const t = store.read.t.terminalHealth;
      const [waiting] = await store.read
        .select({ rows: sum(t.journalRows).mapWith(Number), terminals: count() })
        .from(t)
        .where(gt(t.journalRows, 0));
      const figures = config.brokerMetricsUrl === '' ? 'unset' : last?.broker ? 'known' : 'unreachable';
      return {
        broker: { connected: link.connected, figures, refusals: refusalsOf(last?.broker ?? []) },
        ingest: {
          backlogRows: waiting?.rows ?? 0,
          backlogTerminals: waiting?.terminals ?? 0,
          rows: Object.fromEntries((await storedRows()).map(({ labels, value }) => [String(labels.stream), value])),
        },
        program,
        sampleMs,
        samples: [...samples],
      };
    },
  };
}

/** Null if they cannot be had now: the page says so, it is no fault of this program. */
async function brokerFigures(url: string): Promise<readonly Sample[] | null> {
  if (url === '') return null;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    const length = Number(answer.headers.get('content-length') ?? 0);
    if (!answer.ok || length > pageBytesMax) return null;
    return readPrometheus((await answer.text()).slice(0, pageBytesMax));
  } catch {
    // Told by `figures: unreachable`; the broker-down alarm says the rest.
    return null;
  }
}

const rowsBetween = (before: Reading, now: Reading): number => perSecond(before.rows, now.rows, now.at - before.at);

function between(before: Reading, now: Reading): Pick<VitalsSample, 'broker'> {
  const [was, is] = [before.broker, now.broker];
  if (!was || !is) return { broker: null };
  const rate = (name: string) => perSecond(total(was, name), total(is, name), now.at - before.at);
  return {
    broker: {
      connections: total(is, 'gatecast_broker_connections'),
      messagesPerSecond: rate('gatecast_broker_messages_total'),
      bytesPerSecond: rate('gatecast_broker_message_bytes_total'),
      refusalsPerSecond: rate('gatecast_broker_refusals_total'),
    },
  };
}

const refusalsOf = (samples: readonly Sample[]) =>
  samples
    .filter(({ name, value }) => name === 'gatecast_broker_refusals_total' && value > 0)
    .map(({ labels, value }) => ({ code: labels['code'] ?? '', count: value }))
    .toSorted((a, b) => b.count - a.count);
