import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { systemClock } from '@gatecast/firmware-protocol';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';

/**
 * A media cache as a program of its own, for `media-kill.program.test.ts`: `KILL_AT` names the moment at which it is gone. It tells each clip that it has on
 * a line of standard output, and ends with its standard input.
 */
const given = (name: string): string => process.env[name] ?? '';
const killAt = given('KILL_AT');
const die = (moment: string): void => {
  if (moment === killAt) process.kill(process.pid, 'SIGKILL');
};

const isClip = (path: unknown, extension: string): boolean => String(path).endsWith(extension);

const { open, rename } = fs.promises;
Object.assign(fs.promises, {
  async open(...args: Parameters<typeof open>) {
    const file = await open(...args);
    if (!isClip(args[0], '.part')) return file;
    die('opened');
    const append = file.appendFile.bind(file);
    const sync = file.sync.bind(file);
    file.appendFile = async (...piece) => {
      await append(...piece);
      if ((await file.stat()).size > Number(given('CLIP_BYTES')) / 2) die('in the middle');
    };
    file.sync = async () => {
      die('before it is on the disk');
      await sync();
    };
    return file;
  },
  async rename(...args: Parameters<typeof rename>) {
    die('before it gets its name');
    await rename(...args);
    die('after it got its name');
  },
});
const read = fs.createReadStream;
Object.assign(fs, {
  createReadStream(...args: Parameters<typeof read>) {
    if (isClip(args[0], '.part')) die('while it is verified');
    if (isClip(args[0], '.mp4')) die('while it is read again');
    return read(...args);
  },
});
syncBuiltinESMExports();

const [{ createMediaCache }, { mediaSource }, { manifestOf, silentLog, journalInMemory }] = await Promise.all([
  import('./media-cache.ts'),
  import('./media-source.ts'),
  import('./player.fixture.ts'),
]);
const manifest = manifestOf(JSON.parse(given('CLIP')) as MediaClip);
const cache = createMediaCache({
  log: silentLog,
  journal: journalInMemory(),
  clock: systemClock,
  dir: given('MEDIA_DIR'),
  fetchMedia: mediaSource(given('MEDIA_URL'), () => Promise.reject(new Error('there is no other place'))),
  manifest: () => manifest,
  before: () => undefined,
  terms: () => ({ terms: { windows: [], bytesPerSecondMax: null }, zone: undefined, spread: 0 }),
  bytesMax: 2 ** 30,
  freeBytes: async () => null,
  changed: () => process.stdout.write(`${[...cache.cached].join(' ')}\n`),
});
cache.start();
process.stdin.on('end', () => process.exit()).resume();
