import { vi } from 'vitest';

/**
 * A wait ends when what it waits for is there; its limit is only for what never comes. One second, the default, is too short for a machine that does
 * something else at the same time, so no wait gives up before this one.
 */
const waitMsMin = 40_000;
const patched = Symbol.for('gatecast.patient-waits');

const globals = globalThis as { [patched]?: true };
// Files that share a worker share `vi` too.
if (!globals[patched]) {
  globals[patched] = true;
  const { waitFor } = vi;
  vi.waitFor = (look, options) => {
    const { timeout = 0, ...rest } = typeof options === 'number' ? { timeout: options } : (options ?? {});
    return waitFor(look, { ...rest, timeout: Math.max(timeout, waitMsMin) });
  };
}
