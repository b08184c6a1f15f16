import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { instant, systemClock, type Clock } from '../units/time.ts';

/**
 * For the demo and the tests only: the machine's clock moved by the whole milliseconds that a file holds.
 * Several programs that watch one file stay together when a test moves the time of day.
 */
export function clockFromFile(path: string): Clock & { stop(): void } {
  let offsetMs = readOffset(path) ?? 0;
  const watcher: FSWatcher = watch(dirname(path), (_event, name) => {
    if (name === basename(path)) offsetMs = readOffset(path) ?? offsetMs;
  });
  watcher.unref();
  return {
    now: () => instant(Date.now() + offsetMs),
    mono: () => systemClock.mono(),
    stop: () => watcher.close(),
  };
}

/** The offset, or undefined while the file is being replaced or holds no number. */
function readOffset(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return /^-?\d{1,15}\s*$/.test(text) ? Number(text) : undefined;
}
