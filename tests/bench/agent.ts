import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { found, signedIn } from '../harness/founding.ts';
import { Neighbourhood } from '../harness/neighbourhood.ts';
import { pairReaders } from '../harness/pairing.ts';
import type { Program } from '../harness/program.ts';
import { waitUntil } from '../harness/wait-until.ts';
import type { Bench } from './bench.ts';
import { median, rounded } from './median.ts';

const starts = 5;
const idleRounds = 5;
const idleMs = 10_000;
/** Linux counts processor time in these (`USER_HZ`, the same on every machine that runs Node). */
const ticksPerSecond = 100;
const kibibyte = 1_024;

/**
 * The agent as `npm start` runs it: the bundled file, claimed, its documents in force, its reader polled in a secure channel, the uplink up and a screen
 * connected. Memory and processor time are what Linux counts for the process, at rest.
 */
export const run: Bench = async (say) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const neighbourhood = new Neighbourhood({ dataDir, portBase: 0 });
  const screen = new AbortController();
  try {
    await neighbourhood.start();
    const founded = await found(neighbourhood, 1);
    const doorway = await neighbourhood.addDoorway(founded.terminals[0]?.claimCode);
    const manager = await signedIn(neighbourhood.cloudUrl, founded.property);
    const terminal = founded.terminals[0]?.id ?? '';
    await pairReaders(manager, terminal);
    const isUp = async () => {
      const { online, doorOnline, documents } = await manager('GET /v1/terminals/:id', { params: { id: terminal } });
      return online && doorOnline && documents.access.state === 'applied';
    };
    await waitUntil('the terminal to have its list in force', isUp, { withinMs: 60_000 });
    const startMs: number[] = [];
    for (let i = 0; i < starts; i += 1) {
      await doorway.agent.stop();
      const began = performance.now();
      await doorway.agent.start();
      startMs.push(performance.now() - began);
    }
    const events = doorway.screenUrl().replace('/?', '/events?');
    await fetch(events, { signal: screen.signal });
    await waitUntil('the terminal to be back', isUp, { withinMs: 60_000 });
    const rest = await atRest(doorway.agent, say);
    return { ...rest, startMs: Math.round(median(startMs)) };
  } finally {
    screen.abort();
    await neighbourhood.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

async function atRest(agent: Program, say: (line: string) => void): Promise<Record<string, number>> {
  const rssMb: number[] = [];
  const idleCpuPercent: number[] = [];
  for (let round = 0; round <= idleRounds; round += 1) {
    const before = cpuMs(agent);
    const began = performance.now();
    await sleep(idleMs);
    const percent = ((cpuMs(agent) - before) / (performance.now() - began)) * 100;
    const mb = rssBytes(agent) / 1e6;
    say(`round ${round}: ${mb.toFixed(1)} MB, ${percent.toFixed(2)} % of a core`);
    // In the first round the start is still being tidied up.
    if (round === 0) continue;
    rssMb.push(mb);
    idleCpuPercent.push(percent);
  }
  return { rssMb: rounded(median(rssMb), 1), idleCpuPercent: rounded(median(idleCpuPercent)) };
}

/** User and system time of all its threads: fields 14 and 15 of `/proc/PID/stat` (proc(5)), counted behind the name in brackets. */
function cpuMs({ pid }: Program): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000;
}

function rssBytes({ pid }: Program): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) * kibibyte;
}
