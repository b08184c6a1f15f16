import { after, days, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { planDays, type Segment } from '@gatecast/firmware-protocol/messages';

/**
 * Until when a terminal that hears nothing more may play a clip, as its signed manifest says: the end of the approval, and of a paid clip the end of the plan,
 * of a house clip so many days, as it fills the screen once the plan is over. `dayStart` is the start of the day that the manifest is made for: a day's
 * manifests say the same, so that publishing again changes nothing.
 */
export function playableUntil(
  clip: { readonly house: Segment | null; readonly until: InstantMs | null },
  dayStart: InstantMs,
  houseDays: number,
): InstantMs {
  const bound = after(dayStart, days(clip.house === null ? planDays : houseDays));
  return clip.until === null ? bound : instant(Math.min(bound, clip.until));
}
