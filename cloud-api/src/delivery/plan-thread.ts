import { invariant } from '@gatecast/firmware-protocol';
import { on } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { heldOutBy, type Holdouts } from '../lift/holdouts.ts';
import { openReadOnly } from '../platform/db/read-only.ts';
import { differencesOf } from './differences.ts';
import { factsOf, type MadePlan } from './made-plan.ts';
import { makePlan } from './make-plan.ts';
import type { PlanTask, ToldByThread, ToldToThread } from './plan-worker.ts';

const port = parentPort;
invariant(port, 'a plan is made for somebody');
const heard = on(port, 'message') as AsyncIterator<[ToldToThread], undefined>;
const tell = (told: ToldByThread): void => port.postMessage(told);

async function hear(): Promise<ToldToThread> {
  const { value } = await heard.next();
  invariant(value, 'whoever wants the plan says when to go on');
  return value[0];
}

/** The secret behind the keys stays outside. */
async function keyOf(campaignId: string): Promise<string> {
  tell({ kind: 'key', campaignId });
  const told = await hear();
  invariant(told.kind === 'key', 'a key was asked for');
  return told.key;
}

async function make({ databaseUrl, now }: PlanTask): Promise<MadePlan> {
  const db = await openReadOnly(databaseUrl);
  const holdouts: Holdouts = {
    keyOf: (_, campaignId) => keyOf(campaignId),
    of: async (_, campaignId) => heldOutBy(await keyOf(campaignId)),
  };
  try {
    return await makePlan(db.read, now, holdouts);
  } finally {
    await db.close();
  }
}

/** One part is made while the one before is written, and no more. */
async function tellDifferences({ databaseUrl }: PlanTask, made: MadePlan): Promise<void> {
  const db = await openReadOnly(databaseUrl, 'now');
  try {
    for await (const some of differencesOf(db.read, made)) {
      tell({ kind: 'write', some });
      await hear();
    }
  } finally {
    await db.close();
  }
}

async function plan(task: PlanTask): Promise<void> {
  const made = await make(task);
  tell({ kind: 'made', facts: factsOf(made) });
  await tellDifferences(task, made);
  tell({ kind: 'end' });
}

for (;;) {
  const told = await hear();
  invariant(told.kind === 'plan', 'a thread makes one plan at a time');
  await plan(told.task);
}
