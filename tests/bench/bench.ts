import { cpus, loadavg } from 'node:os';

/** Runs one benchmark by name and prints one JSON object as its last line. */
export type Bench = (say: (line: string) => void, flags: readonly string[]) => Promise<Record<string, number>>;

/** One that needs the cloud's own sources, which are checked against another set of types than these. */
const inCloud = (path: string): Promise<{ run: Bench }> =>
  import(new URL(`../../cloud-api/src/${path}`, import.meta.url).href);

const benches: Record<string, () => Promise<{ run: Bench }>> = {
  access: () => import('./access.ts'),
  agent: () => import('./agent.ts'),
  audience: () => inCloud('audience/audience.bench.ts'),
  broker: () => import('./broker.ts'),
  command: () => import('./command.ts'),
  door: () => import('./door.ts'),
  faults: () => import('./faults.ts'),
  ingest: () => import('./ingest.ts'),
  log: () => inCloud('access/log.bench.ts'),
  maker: () => inCloud('content/maker/maker.bench.ts'),
  offline: () => import('./offline.ts'),
  orders: () => import('./orders.ts'),
  osdp: () => import('./osdp.ts'),
  pages: () => import('./pages.ts'),
  plan: () => inCloud('allocation/plan.bench.ts'),
  quote: () => inCloud('campaigns/quotes.bench.ts'),
  replan: () => inCloud('delivery/replan.bench.ts'),
  replay: () => import('./replay.ts'),
  screen: () => import('./screen.ts'),
  'sell-through': () => inCloud('sell-through/sell-through.bench.ts'),
  soak: () => import('./soak.ts'),
  transcode: () => inCloud('content/transcode.bench.ts'),
};

/** Above this load for each core, absolute figures say more about the neighbours than about us. */
const noisyLoadPerCore = 0.75;

const [name = '', ...flags] = process.argv.slice(2);
const load = benches[name];
if (!load) {
  console.error(
    `usage: npm run bench -- NAME [--json] [what the bench asks for]\nNAME is one of: ${Object.keys(benches).join(', ')}`,
  );
  process.exit(2);
}
const load1 = loadavg()[0] ?? 0;
const say = flags.includes('--json') ? () => undefined : (line: string) => console.log(line);
const figures = await (await load()).run(say, flags);
const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.version,
  load1: Math.round(load1 * 100) / 100,
  noisy: load1 > cpus().length * noisyLoadPerCore,
};
console.log(JSON.stringify({ name, figures, machine }));
process.exit(0);
