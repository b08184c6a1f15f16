import { clockQuality } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id } from '../../platform/contract.ts';

/** What a search can be about. */
export const storyKind = z.enum(['terminal', 'unit', 'order', 'visit', 'touch', 'play']);
export type StoryKind = z.infer<typeof storyKind>;

/** `GET /v1/search`: what the typed text can stand for, the likeliest first. */
export const storySubject = z.object({
  kind: storyKind,
  id: z.string(),
  title: z.string(),
  /** Where it is. */
  place: z.string(),
});
export type StorySubject = z.infer<typeof storySubject>;
export const searchQuery = z.object({ q: z.string().trim().min(1).max(300) });

/** Why a door stayed shut: the rule, by which access list, and how sure the terminal was of the time. */
const why = z.object({
  rule: z.string(),
  /** Null: no list decided, or the row says none. */
  list: z.int().nullable(),
  clock: clockQuality.nullable(),
});

/** One thing that happened. `facts` are small; pages have words for them. */
export const storyItem = z.object({
  at: atMs,
  hop: z.enum(['door', 'touch', 'play', 'visit', 'order', 'pickup', 'command', 'alarm', 'health']),
  /** What happened, in the words of its own list: `opened`, `refused`, `boot`, `EXECUTED`. */
  what: z.string(),
  terminalId: id.nullable(),
  terminalName: z.string().nullable(),
  /** A name, where the search was for people and the look at them is noted. */
  who: z.string().nullable(),
  why: why.nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Where the story goes on. */
  leads: z.object({ kind: storyKind, id: z.string() }).nullable(),
});
export type StoryItem = z.infer<typeof storyItem>;

/** `GET /v1/stories/:kind/:id`: newest first. */
export const story = z.object({
  subject: storySubject,
  items: z.array(storyItem).readonly(),
  /** False: there is more than is shown. */
  isWhole: z.boolean(),
});
export type Story = z.infer<typeof story>;
