import { setImmediate as turn, setTimeout as passing } from 'node:timers/promises';
import { milliseconds, type DurationMs } from '@gatecast/firmware-protocol';
import type { GuardedConnection } from './guarded-connection.ts';

/** Terminals are sent away in handfuls, as each of them comes back with a handshake somewhere else. */
const handful = 250;
const handfulEveryMs = milliseconds(50);
/** Turns of the event loop that a will needs from a closed line to the cloud's socket, and some more. */
const willTurns = 20;

/**
 * Ends all connections so that nothing under way is lost: what is unsent goes out first, and the cloud goes last, so that it still hears the
 * wills of the others. Returns after `withinMs` at the latest, with whatever is left still open.
 */
export async function drain(connections: Iterable<GuardedConnection>, withinMs: DurationMs): Promise<void> {
  const all = [...connections];
  const late = new AbortController();
  const deadline = setTimeout(() => late.abort(), withinMs);
  try {
    await endAll(
      all.filter(({ session }) => session?.kind !== 'cloud'),
      late.signal,
    );
    for (let left = willTurns; left > 0; left -= 1) await turn();
    await endAll(
      all.filter(({ session }) => session?.kind === 'cloud'),
      late.signal,
    );
  } finally {
    clearTimeout(deadline);
  }
}

async function endAll(connections: readonly GuardedConnection[], late: AbortSignal): Promise<void> {
  const closed = connections.filter(({ stream }) => !stream.closed).map(({ stream }) => onceClosed(stream, late));
  for (let at = 0; at < connections.length && !late.aborted; at += handful) {
    for (const { stream } of connections.slice(at, at + handful)) stream.end();
    if (at + handful < connections.length) await passing(handfulEveryMs);
  }
  await Promise.all(closed);
}

/** Resolves when the stream has closed, with an error or without, or when it is too late to wait for it. */
function onceClosed(stream: GuardedConnection['stream'], late: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    if (late.aborted) resolve();
    late.addEventListener('abort', () => resolve(), { once: true });
  });
}
