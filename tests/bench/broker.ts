import { setTimeout as passing } from 'node:timers/promises';
import { newId } from '@gatecast/firmware-protocol';
import type { Bench } from './bench.ts';
import type { Login } from './broker-client.ts';
import type { LoadJob } from './broker-load-jobs.ts';
import { Loader } from './broker-loader.ts';
import { cpuMs, rssKb, startBrokerSides, type BrokerSide, type BrokerSides } from './broker-sides.ts';
import { median, rounded } from './median.ts';

const rounds = 5;
/** As in the research behind the budget. */
const publishers = 200;
const fanInMs = 2_000;
const paceMs = 2_000;
const pacePerSecond = 1_000;
const idleLines = 5_000;
/** Lines that come and go before, so that the program's own growth is not counted. */
const warmLines = 1_000;
const addresses = 40;
const settleMs = 3_000;
const attackMs = 6_000;
/** Of the twenty terminals that are watched while another one is attacked or attacks: one message each 5 ms. */
const witnesses = 20;
const witnessPerSecond = 200;

type Name = BrokerSide['name'];
type Say = (line: string) => void;

/**
 * Our broker as a program, its policy and every bound at its default, beside plain aedes and, where it is installed, mosquitto. Publishers,
 * subscriber and attackers are processes of their own. `ratioToAedes` is messages for each second of the broker's processor time, so
 * that a neighbour on the machine is not in it; `wallRatioToAedes` is messages by the clock.
 */
export const run: Bench = async (say) => {
  const sides = await startBrokerSides();
  try {
    const rates = await fanIn(sides, say);
    return { ...rates, ...(await connections(sides, say)), ...(await isolation(sides, say)) };
  } finally {
    await sides.stop();
  }
};

function logins({ cloud }: BrokerSides, count: number): Login[] {
  return Array.from({ length: count }, (_, n) => {
    const clientId = newId('terminal');
    return { clientId, token: cloud.token(`terminal:${clientId}`), from: `127.0.1.${1 + (n % addresses)}` };
  });
}

const cloudLogin = ({ cloud }: BrokerSides, clientId: string): Login => ({
  clientId,
  token: cloud.token('service:cloud'),
});

interface Rate {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function fanIn(sides: BrokerSides, say: Say): Promise<Record<string, number>> {
  const loaders = new Map<Name, Loader>();
  const rates = new Map<Name, Rate[]>();
  for (const { name, port } of sides.all) {
    const loader = new Loader();
    loaders.set(name, loader);
    rates.set(name, []);
    await loader.do({
      do: 'open',
      port,
      terminals: logins(sides, publishers),
      cloud: cloudLogin(sides, 'cloud-fan-in'),
    });
  }
  // One more round before the five warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of sides.all) {
      const loader = loaders.get(side.name) as Loader;
      const rate = await oneRound(side, loader);
      if (round > 0) rates.get(side.name)?.push(rate);
    }
  }
  for (const loader of loaders.values()) loader.stop();
  const of = (name: Name, key: keyof Rate) => median((rates.get(name) ?? []).map((rate) => rate[key]));
  const figures: Record<string, number> = {
    ratioToAedes: rounded(of('gatecast', 'perCpuSecond') / of('aedes', 'perCpuSecond')),
    wallRatioToAedes: rounded(of('gatecast', 'perSecond') / of('aedes', 'perSecond')),
  };
  for (const { name } of sides.all) {
    say(`${name}: ${rounded(of(name, 'perSecond'), 0)} msg/s, ${rounded(of(name, 'perCpuSecond'), 0)} per CPU-second`);
    say(
      `${name}: at ${pacePerSecond} msg/s p50 ${rounded(of(name, 'p50Ms'))} ms, p99 ${rounded(of(name, 'p99Ms'))} ms`,
    );
    figures[`${name}PerSecond`] = rounded(of(name, 'perSecond'), 0);
    figures[`${name}P50Ms`] = rounded(of(name, 'p50Ms'));
    figures[`${name}P99Ms`] = rounded(of(name, 'p99Ms'));
  }
  if (rates.has('mosquitto'))
    figures['ratioToMosquitto'] = rounded(of('gatecast', 'perSecond') / of('mosquitto', 'perSecond'));
  return figures;
}

async function oneRound(side: BrokerSide, loader: Loader): Promise<Rate> {
  const before = cpuMs(side);
  const { messages } = await loader.measure({ do: 'fan-in', ms: fanInMs });
  const usedMs = cpuMs(side) - before;
  await passing(200); // what is under way belongs to no round
  const { p50Ms, p99Ms } = await loader.measure({ do: 'pace', ms: paceMs, perSecond: pacePerSecond });
  return { perSecond: (messages * 1_000) / fanInMs, perCpuSecond: (messages * 1_000) / usedMs, p50Ms, p99Ms };
}

/** What a line with the two subscriptions of a terminal costs a broker that has seen no other load. */
async function connections(sides: BrokerSides, say: Say): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const { name } of sides.all) {
    const side = await sides.another(name);
    const visitors = new Loader();
    await visitors.do({ do: 'idle', port: side.port, terminals: logins(sides, warmLines) });
    visitors.stop();
    await passing(settleMs);
    const restKb = rssKb(side);
    const loader = new Loader();
    const startedMs = performance.now();
    await loader.do({ do: 'idle', port: side.port, terminals: logins(sides, idleLines) });
    const tookMs = performance.now() - startedMs;
    await passing(settleMs);
    const kb = rounded((rssKb(side) - restKb) / idleLines, 1);
    loader.stop();
    say(
      `${name}: ${kb} kB a connection, ${rounded((idleLines * 1_000) / tookMs, 0)} connects/s with two subscriptions`,
    );
    figures[name === 'gatecast' ? 'kbPerConnection' : `${name}KbPerConnection`] = kb;
    figures[`${name}ConnectsPerSecond`] = rounded((idleLines * 1_000) / tookMs, 0);
  }
  return figures;
}

/** The longest time in which nothing came from twenty terminals that speak 200 times a second, while somebody else misbehaves. */
async function isolation(sides: BrokerSides, say: Say): Promise<Record<string, number>> {
  const frozen = logins(sides, 1)[0] as Login;
  const cloud = cloudLogin(sides, 'cloud-freeze');
  const attacks: readonly (readonly [figure: string, job: (port: number) => LoadJob])[] = [
    ['frozenStallMs', (port) => ({ do: 'freeze', port, frozen, cloud, ms: attackMs })],
    ['floodStallMs', (port) => ({ do: 'flood', port, ms: attackMs })],
    ['knockStallMs', (port) => ({ do: 'knock', port, ms: attackMs })],
  ];
  const figures: Record<string, number> = {};
  for (const { name } of sides.all) {
    for (const [figure, attack] of attacks) {
      const side = await sides.another(name);
      const key = name === 'gatecast' ? figure : `${name}${figure.charAt(0).toUpperCase()}${figure.slice(1)}`;
      const { gapMs, grownMb } = await gapUnder(sides, side, attack(side.port)).catch((error: unknown) => {
        say(`${name} did not live through it: ${String(error)}`);
        return { gapMs: attackMs, grownMb: Infinity };
      });
      figures[key] = rounded(gapMs, 0);
      if (name === 'gatecast') figures[figure.replace('StallMs', 'GrowthMb')] = rounded(grownMb, 0);
      say(`${name}: ${figure} ${rounded(gapMs, 0)}, its memory grew by ${rounded(grownMb, 0)} MB`);
    }
  }
  const { frozenStallMs = Infinity, floodStallMs = Infinity, knockStallMs = Infinity } = figures;
  return { maxStallMs: Math.max(frozenStallMs, floodStallMs, knockStallMs), ...figures };
}

async function gapUnder(
  sides: BrokerSides,
  side: BrokerSide,
  attack: LoadJob,
): Promise<{ gapMs: number; grownMb: number }> {
  const [witness, attacker] = [new Loader(), new Loader()];
  try {
    const cloud = cloudLogin(sides, 'cloud-witness');
    await witness.do({ do: 'open', port: side.port, terminals: logins(sides, witnesses), cloud });
    await witness.do({ do: 'pace', ms: settleMs, perSecond: witnessPerSecond }); // its own growth is not the attack's
    const restKb = rssKb(side);
    const attacking = attacker.do(attack);
    const { gapMs } = await witness.measure({ do: 'pace', ms: attackMs, perSecond: witnessPerSecond });
    const grownMb = (rssKb(side) - restKb) / 1_024;
    await attacking;
    return { gapMs, grownMb };
  } finally {
    witness.stop();
    attacker.stop();
  }
}
