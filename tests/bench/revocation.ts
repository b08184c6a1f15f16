import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@gatecast/cloud-api/client';
import { found, signedIn } from '../harness/founding.ts';
import { Neighbourhood } from '../harness/neighbourhood.ts';
import { waitUntil } from '../harness/wait-until.ts';

/** Passes on the list besides the one that is taken back, so that it is one change of many and not a list of one. */
const passes = 1_500;
const atOnce = 8;
const dayMs = 86_400_000;

/**
 * Milliseconds from the property's order to revoke a pass until the terminal has said that the list without it is in force; through every program: cloud,
 * list builder, broker, agent, its disk, and back.
 */
export async function revocationTimes(rounds: number, say: (line: string) => void): Promise<number[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const neighbourhood = new Neighbourhood({ dataDir, portBase: 0, env: { GATECAST_LOG_LEVEL: 'warn' } });
  try {
    await neighbourhood.start();
    const founded = await found(neighbourhood, 1);
    const manager = await signedIn(neighbourhood.cloudUrl, founded.property);
    await neighbourhood.addDoorway(founded.terminals[0]?.claimCode);
    const make = () => newPass(manager, founded.community, neighbourhood.clock.now());
    const ids: string[] = [];
    while (ids.length < passes) ids.push(...(await Promise.all(Array.from({ length: atOnce }, make))));
    say(`${ids.length} passes made`);
    const times: number[] = [];
    for (const id of ids.slice(0, rounds)) {
      await waitUntil('the terminal to know the pass', () => isConfirmed(manager, id), { withinMs: 60_000 });
      const began = performance.now();
      await manager('DELETE /v1/passes/:id', { params: { id } });
      await waitUntil('the terminal to refuse the pass', () => isConfirmed(manager, id), {
        withinMs: 60_000,
        everyMs: 10,
      });
      times.push(performance.now() - began);
    }
    return times;
  } finally {
    await neighbourhood.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function newPass(manager: Client, communityId: string, from: number): Promise<string> {
  const window = { from, to: from + 30 * dayMs };
  const body = { communityId, label: '访客', entranceIds: null, uses: null, ...window };
  const { id } = await manager('POST /v1/passes', { body });
  return id;
}

const isConfirmed = async (manager: Client, id: string): Promise<boolean> =>
  (await manager('GET /v1/passes/:id', { params: { id } })).delivered.terminals === 1;
