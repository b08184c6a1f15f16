import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PlayerMemory } from './player-memory.ts';

const memoryKey = 'player-screen-token';
const kept = z.object({ boot: z.string(), token: z.string() });

/** Linux gives every boot a random id; elsewhere each start of the agent counts as a boot. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return randomBytes(16).toString('hex');
  }
}

/**
 * The secret in the kiosk's URL. New at each boot of the machine, but the same when only the agent starts again,
 * so that a page left open finds its way back.
 */
export async function screenToken(memory: PlayerMemory, boot = bootId()): Promise<string> {
  const stored = kept.safeParse(parsed(memory.get(memoryKey)));
  if (stored.success && stored.data.boot === boot) return stored.data.token;
  const token = randomBytes(24).toString('base64url');
  await memory.set(memoryKey, JSON.stringify({ boot, token }));
  return token;
}

function parsed(text = 'null'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Unreadable is as good as absent: a new token is made.
    return undefined;
  }
}
