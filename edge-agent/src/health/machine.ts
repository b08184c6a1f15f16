import { execFile } from 'node:child_process';
import { access, constants, readdir, readFile, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HealthReport } from '@gatecast/firmware-protocol/messages';

const run = promisify(execFile);
const ntpAnswerMsMax = 2_000;

/** The disk below a folder. Nothing is written to find out: flash wears. */
export async function diskOf(folder: string): Promise<HealthReport['disk']> {
  const [space, writable] = await Promise.all([
    statfs(folder).catch(() => null),
    access(folder, constants.W_OK).then(
      () => true,
      // EROFS, also of a disk that Linux made read-only after an error; or a folder that is gone.
      () => false,
    ),
  ]);
  if (!space) return { totalBytes: null, freeBytes: null, writable };
  // What this program may use: some systems keep a share for root.
  return { totalBytes: space.blocks * space.bsize, freeBytes: space.bavail * space.bsize, writable };
}

export const memoryNow = (): HealthReport['memory'] => ({
  rssBytes: process.memoryUsage.rss(),
  freeBytes: freemem(),
});

/** The hottest sensor, °C; null where Linux shows none. */
export async function temperatureOf(folder = '/sys/class/thermal'): Promise<number | null> {
  const zones = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('thermal_zone'));
  const readings = await Promise.all(zones.map((zone) => readFile(join(folder, zone, 'temp'), 'utf8').catch(() => '')));
  // Thousandths of a degree (Linux, Documentation/driver-api/thermal/sysfs-api.rst). A sensor that is off says something impossible.
  const degrees = readings.map((text) => (text.trim() === '' ? Number.NaN : Number(text) / 1_000));
  const possible = degrees.filter((celsius) => celsius > -60 && celsius < 150);
  return possible.length > 0 ? Math.max(...possible) : null;
}

/** Whether the machine's own clock follows a time server, as far as systemd can say. */
export async function ntpState(): Promise<HealthReport['clock']['ntp']> {
  try {
    const args = ['show', '--property=NTPSynchronized', '--value'];
    const { stdout } = await run('timedatectl', args, { timeout: ntpAnswerMsMax });
    const answer = stdout.trim();
    return answer === 'yes' ? 'synced' : answer === 'no' ? 'unsynced' : 'unknown';
  } catch {
    // No systemd here, or it does not answer: the cloud's signed time is what this program goes by.
    return 'unknown';
  }
}
