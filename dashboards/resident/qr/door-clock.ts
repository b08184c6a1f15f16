import type { CloudClock } from '../../kit/api/clock.ts';

/** How far the phone's clock was from the cloud's when they last met; kept, because the code has to be right without a network too. */
const place = 'gatecast.resident.clock-skew';

const keptSkewMs = (): number => Number(localStorage.getItem(place) ?? 0);

/** The cloud's time, as far as this phone has ever been told; a door's clock follows it. */
export const doorNow = (): number => Date.now() + keptSkewMs();

/** Compares the clocks. Without an answer what is kept stays. */
export async function meetCloudClock(clock: CloudClock): Promise<void> {
  const met = await clock.adjust().catch(() => false);
  if (met) localStorage.setItem(place, String(clock.now() - Date.now()));
}
