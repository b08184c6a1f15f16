import { setTimeout as passing } from 'node:timers/promises';
import { cloudSubscriptions, topicsOf } from '@gatecast/firmware-protocol/messages';
import { flood, freeze, knock } from './broker-attack.ts';
import { BrokerClient, publishFrame } from './broker-client.ts';
import type { LoadJob, LoadResult } from './broker-load-jobs.ts';
import { quantile } from './median.ts';

/** What a play-by-play presence weighs, and the size that the research measured with. */
const payloadBytes = 200;
const stampBytes = 8;
const connectsAtOnce = 50;

interface Publisher {
  readonly client: BrokerClient;
  readonly topic: string;
}

const publishers: Publisher[] = [];
/** Milliseconds between a message and the one before it, and on the way. */
let arrivals: { readonly atMs: number; readonly tookMs: number }[] = [];

/** What a publisher does when its message has arrived. */
let arrived: (publisher: number) => void = () => undefined;

/** When it was sent, and by whom. */
function send(publisher: number): void {
  const { client, topic } = publishers[publisher] as Publisher;
  const payload = Buffer.alloc(payloadBytes);
  payload.writeDoubleBE(performance.now());
  payload.writeUInt32BE(publisher, stampBytes);
  client.socket.write(publishFrame(topic, payload));
}

async function eachOf<Item>(items: readonly Item[], does: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += connectsAtOnce) {
    await Promise.all(items.slice(at, at + connectsAtOnce).map(does));
  }
}

async function open({ port, terminals, cloud }: Extract<LoadJob, { do: 'open' }>): Promise<void> {
  const reader = await BrokerClient.connect(port, cloud);
  await reader.subscribe(...cloudSubscriptions);
  reader.onMessage = (bytes, payloadAt) => {
    const atMs = performance.now();
    arrivals.push({ atMs, tookMs: atMs - bytes.readDoubleBE(payloadAt) });
    arrived(bytes.readUInt32BE(payloadAt + stampBytes));
  };
  await eachOf(terminals, async (login) => {
    const client = await BrokerClient.connect(port, login);
    publishers.push({ client, topic: topicsOf(login.clientId).presence });
  });
}

async function fanIn(ms: number): Promise<LoadResult> {
  const startedMs = performance.now();
  const untilMs = startedMs + ms;
  // Not at the acknowledgement, which aedes gives before it has passed the message on: its queue would grow without end.
  arrived = (publisher) => {
    if (performance.now() < untilMs) send(publisher);
  };
  for (const publisher of publishers.keys()) send(publisher);
  await passing(ms);
  arrived = () => undefined;
  return resultOf(startedMs, performance.now());
}

async function pace(ms: number, perSecond: number): Promise<LoadResult> {
  const startedMs = performance.now();
  let sent = 0;
  while (performance.now() - startedMs < ms) {
    const due = ((performance.now() - startedMs) * perSecond) / 1_000;
    for (; sent < due; sent += 1) send(sent % publishers.length);
    await passing(1);
  }
  return resultOf(startedMs, performance.now());
}

function resultOf(startedMs: number, endedMs: number): LoadResult {
  const heard = arrivals;
  arrivals = [];
  const took = heard.map(({ tookMs }) => tookMs);
  let gapMs = 0;
  let lastMs = startedMs;
  for (const { atMs } of [...heard, { atMs: endedMs }]) {
    gapMs = Math.max(gapMs, atMs - lastMs);
    lastMs = atMs;
  }
  const at = (q: number) => (took.length === 0 ? Infinity : quantile(took, q));
  return { messages: heard.length, p50Ms: at(0.5), p99Ms: at(0.99), gapMs };
}

async function idle({ port, terminals }: Extract<LoadJob, { do: 'idle' }>): Promise<void> {
  await eachOf(terminals, async (login) => {
    const client = await BrokerClient.connect(port, login);
    const { command, hint } = topicsOf(login.clientId);
    await client.subscribe(command, hint);
  });
}

async function carryOut(job: LoadJob): Promise<LoadResult | undefined> {
  if (job.do === 'fan-in') return fanIn(job.ms);
  if (job.do === 'pace') return pace(job.ms, job.perSecond);
  if (job.do === 'open') await open(job);
  else if (job.do === 'idle') await idle(job);
  else if (job.do === 'freeze') await freeze(job);
  else if (job.do === 'flood') await flood(job);
  else await knock(job);
  return undefined;
}

process.on('message', (job: LoadJob) => {
  carryOut(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
