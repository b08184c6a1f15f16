import { inDailyWindow, localTime, type InstantMs } from '@gatecast/firmware-protocol';
import type { PostedNotice, ScreenNotice, ScreenState, TerminalConfig } from '@gatecast/firmware-protocol/messages';

/** What a page shows whatever clip is on. */
export type Surroundings = Omit<
  ScreenState,
  'now' | 'ambient' | 'touch' | 'nextClip' | 'enrolment' | 'page' | 'complaintQr'
>;

const noticesMax = 3;
/** Loud enough to be heard at the door and not behind the next window. The door answers at night too: somebody may not see the screen. */
const feedbackPercent = 40;
const softFeedbackPercent = 12;

const unconfigured = {
  community: '',
  zone: 'UTC',
  muted: true,
  volumePercent: 0,
  feedbackPercent: softFeedbackPercent,
  isQuiet: false,
  brightnessPercent: 100,
  officePhone: null,
};

/** A terminal without a config shows nothing of its own and is silent. */
export function surroundings(
  config: TerminalConfig | undefined,
  posted: readonly PostedNotice[],
  now: InstantMs,
): Surroundings {
  const notices = noticesNow(posted, config, now);
  if (!config) return { ...unconfigured, notices };
  const { quiet, volumePercent, brightnessPercent, dimPercent, mutedUntil, officePhone } = config.screen;
  const isQuiet = inDailyWindow(localTime(now, config.zone).minute, quiet);
  const isSilenced = isQuiet || (mutedUntil !== null && now < mutedUntil);
  return {
    community: config.communityName,
    zone: config.zone,
    muted: isSilenced || volumePercent === 0,
    volumePercent,
    feedbackPercent: isSilenced ? softFeedbackPercent : feedbackPercent,
    isQuiet,
    brightnessPercent: isQuiet ? Math.min(dimPercent, brightnessPercent) : brightnessPercent,
    officePhone,
    notices,
  };
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
