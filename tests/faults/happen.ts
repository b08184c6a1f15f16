import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultTown } from './fault-town.ts';
import { flood } from './flood.ts';
import { Seeded } from './seeded.ts';
import type { Deed, Mishap, Step } from './story.ts';

/** What people did in a story, as far as it may have opened the door. */
export interface Done {
  /** Right codes typed, whether the door had an ear for them or not. */
  codes: number;
  /** Presses of the exit button, which releases in the hardware. */
  exits: number;
  /** Remote openings that were refused, or that nobody answered. */
  unanswered: number;
  lastRefusal: unknown;
}

const orderMsMax = 1_000;
const rubbish = '9999*314159#';
const tornBytesMax = 6_000;

/** Lives through a story. When this resolves, nothing is broken any more, though not everything may have come back yet. */
export async function live(town: FaultTown, seed: number, story: readonly Step[]): Promise<Done> {
  const random = new Seeded(seed ^ 0x5eed);
  const done: Done = { codes: 0, exits: 0, unanswered: 0, lastRefusal: undefined };
  const repairs: Promise<void>[] = [];
  for (const { afterMs, act } of story) {
    await sleep(afterMs); // the story's own time, part of what the seed says
    if (isDeed(act)) await doDeed(town, act, done);
    else repairs.push((await letHappen(town, act, random)).over);
  }
  await Promise.all(repairs);
  return done;
}

const isDeed = (act: Deed | Mishap): act is Deed =>
  act.kind === 'type-code' || act.kind === 'type-rubbish' || act.kind === 'exit' || act.kind === 'open-remotely';

async function doDeed(town: FaultTown, deed: Deed, done: Done): Promise<void> {
  switch (deed.kind) {
    case 'type-code':
      if (await town.atDoor('keypad', { digits: town.keysOf(deed.resident) })) done.codes += 1;
      return;
    case 'type-rubbish':
      await town.atDoor('keypad', { digits: rubbish });
      return;
    case 'exit':
      if (await town.atDoor('exit')) done.exits += 1;
      return;
    case 'open-remotely':
      return openRemotely(town, done);
  }
}

/** With the terminal offline or the cloud dead it is refused or never answered; what became of it the cloud knows. */
async function openRemotely(town: FaultTown, done: Done): Promise<void> {
  try {
    await town.manager('POST /v1/terminals/:id/commands', {
      params: { id: town.terminalId },
      body: { kind: 'open' },
      idempotencyKey: randomUUID(),
      signal: AbortSignal.timeout(orderMsMax),
    });
  } catch (error) {
    done.unanswered += 1;
    done.lastRefusal = error;
  }
}

/** Begins a mishap. Resolves once it has begun, with its end. */
async function letHappen(town: FaultTown, mishap: Mishap, random: Seeded): Promise<{ over: Promise<void> }> {
  switch (mishap.kind) {
    case 'kill':
      await town.program(mishap.program).kill();
      return { over: Promise.resolve() };
    case 'freeze': {
      const program = town.program(mishap.program);
      program.pause();
      return lasting(mishap.forMs, () => program.resume());
    }
    case 'cut':
    case 'silence':
    case 'crumble': {
      const wire = town.wires[mishap.wire];
      wire[mishap.kind]();
      return lasting(mishap.forMs, () => wire.restore());
    }
    case 'double':
    case 'swap':
    case 'hold':
    case 'forge':
    case 'replay':
      town.setMischief(mishap.kind);
      return lasting(mishap.forMs, () => town.setMischief(undefined));
    case 'flood':
      return lasting(mishap.forMs, flood(town.neighbourhood.mqttUrl));
    case 'clock':
      town.setAgentClock(mishap.offMs);
      return lasting(mishap.forMs, () => town.setAgentClock(0));
    case 'torn-log':
      await town.tearLog(
        Buffer.from(Array.from({ length: random.between(1, tornBytesMax) }, () => random.between(0, 255))),
      );
      return { over: Promise.resolve() };
    case 'disk-full':
      town.disk?.fill();
      return lasting(mishap.forMs, () => town.disk?.restore());
    case 'read-only':
      await town.program('agent').kill();
      town.disk?.makeReadOnly();
      return lasting(mishap.forMs, async () => {
        await town.program('agent').kill();
        town.disk?.restore();
      });
  }
}

function lasting(ms: number, undo: () => void | Promise<void>): { over: Promise<void> } {
  return { over: sleep(ms).then(undo) };
}
