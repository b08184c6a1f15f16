import { z } from 'zod';
import { atMs, name } from '../platform/contract.ts';

/** What an installer proves at a new door. */
export const commissioningItem = z.enum(['reader', 'relay', 'contact', 'exit', 'fire', 'screen', 'sound', 'uplink']);
export type CommissioningItem = z.infer<typeof commissioningItem>;

/** What to do at the door so that an item is seen; the pages have a sentence for each. */
export const commissioningTask = z.enum([
  'type-or-show-anything',
  'open-the-door',
  'open-and-close-the-leaf',
  'press-exit',
  'trigger-the-fire-line',
  'look-at-the-screen',
  'listen-to-the-screen',
  'wait-for-the-terminal',
]);

const itemState = z.object({
  item: commissioningItem,
  task: commissioningTask,
  /** `seen`: the journal shows it since the start; somebody still confirms it. `absent`: this door has no such part. */
  state: z.enum(['waiting', 'seen', 'confirmed', 'failed', 'absent']),
  /** Of its state. */
  at: atMs.nullable(),
  /** When the journal first showed it; null for what nothing but a person can tell. */
  seenAt: atMs.nullable(),
  /** Name of the account that said so; null for what the journal shows. */
  by: z.string().nullable(),
  note: z.string().nullable(),
});

/** `GET /v1/terminals/:id/commissioning`: the newest run, with everything that was said and seen. */
export const commissioning = z.object({
  state: z.enum(['none', 'running', 'signed-off']),
  startedAt: atMs.nullable(),
  items: z.array(itemState),
  signedBy: z.string().nullable(),
  signedAt: atMs.nullable(),
  /** The door was wired otherwise, or got another terminal, after the sign-off: somebody should start anew. */
  staleSince: atMs.nullable(),
});
export type Commissioning = z.infer<typeof commissioning>;

/** One run of the history; a signed one never changes. */
export const commissioningRun = commissioning.pick({ items: true, signedBy: true, signedAt: true }).extend({
  id: z.int(),
  startedAt: atMs,
  /** Name of the account that began it. */
  startedBy: z.string().nullable(),
});
export type CommissioningRun = z.infer<typeof commissioningRun>;

/** `PUT /v1/terminals/:id/commissioning/:item` */
export const commissioningWord = z.object({
  state: z.enum(['confirmed', 'failed', 'absent']),
  note: z.string().trim().max(300).optional(),
});
/** `POST /v1/terminals/:id/commissioning/sign-off`, with the name of whoever signs. */
export const commissioningSignOff = z.object({ name });
