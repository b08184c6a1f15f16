import { inDailyWindow, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { Plan, ScreenState, TerminalConfig } from '@gatecast/firmware-protocol/messages';

/** What a page shows whatever clip is on. */
export type Surroundings = Pick<ScreenState, 'community' | 'zone' | 'muted' | 'volumePercent' | 'notices'>;

const noticesMax = 3;

/** A terminal without a config shows nothing of its own and is silent. */
export function surroundings(config: TerminalConfig | undefined, plan: Plan | undefined, now: InstantMs): Surroundings {
  const running = (plan?.notices ?? []).filter((n) => n.from <= now && now < n.to).slice(0, noticesMax);
  const notices = running.map((n) => n.text);
  if (!config) return { community: '', zone: 'UTC', muted: true, volumePercent: 0, notices };
  const { quiet, volumePercent } = config.screen;
  const isQuiet = inDailyWindow(localTime(now, config.zone).minute, quiet);
  const muted = isQuiet || volumePercent === 0;
  return { community: config.communityName, zone: config.zone, muted, volumePercent, notices };
}
