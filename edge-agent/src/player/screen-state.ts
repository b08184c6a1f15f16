import { inDailyWindow, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { PostedNotice, ScreenNotice, ScreenState, TerminalConfig } from '@gatecast/firmware-protocol/messages';

/** What a page shows whatever clip is on. */
export type Surroundings = Pick<ScreenState, 'community' | 'zone' | 'muted' | 'volumePercent' | 'notices'>;

const noticesMax = 3;

/** A terminal without a config shows nothing of its own and is silent. */
export function surroundings(
  config: TerminalConfig | undefined,
  posted: readonly PostedNotice[],
  now: InstantMs,
): Surroundings {
  const notices = noticesNow(posted, config, now);
  if (!config) return { community: '', zone: 'UTC', muted: true, volumePercent: 0, notices };
  const { quiet, volumePercent } = config.screen;
  const isQuiet = inDailyWindow(localTime(now, config.zone).minute, quiet);
  const muted = isQuiet || volumePercent === 0;
  return { community: config.communityName, zone: config.zone, muted, volumePercent, notices };
}

/** What is to be read at this terminal's entrances now: emergencies first, then what was put up last. */
function noticesNow(all: readonly PostedNotice[], config: TerminalConfig | undefined, now: InstantMs): ScreenNotice[] {
  const here = new Set(config?.doors.map(({ entrance }) => entrance));
  return all
    .filter(
      ({ from, to, entrances }) => from <= now && now < to && (!entrances || entrances.some((id) => here.has(id))),
    )
    .toSorted((a, b) => Number(b.level === 'emergency') - Number(a.level === 'emergency') || b.from - a.from)
    .slice(0, noticesMax)
    .map(({ level, title, text }) => ({ level, title, text }));
}
