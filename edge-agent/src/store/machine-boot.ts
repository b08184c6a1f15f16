import { readFileSync } from 'node:fs';

/** Linux draws one at each start of the machine (`random(4)`). */
const bootIdFile = '/proc/sys/kernel/random/boot_id';

/** Which start of the machine this is; the same for all of them where the machine does not say. */
export function machineBoot(): string {
  try {
    return readFileSync(bootIdFile, 'utf8').trim();
  } catch {
    return 'unknown'; // not Linux: then a power cut counts like any other end
  }
}
