import type { TemplateSettings } from '@gatecast/cloud-api/client';
import { clockText } from '../../kit/format.ts';
import type { DoorWords } from '../messages/doors-zh.ts';
import { scheduleText } from '../doors/schedule-text.ts';
import type { TemplateWords } from './template-words.ts';

export type Field = keyof TemplateWords['field'];
export const templateFields: readonly Field[] = [
  'openMs',
  'heldOpenMs',
  'quiet',
  'volumePercent',
  'brightnessPercent',
  'dimPercent',
  'screenProfile',
  'schedules',
  'antiPassback',
  'bounceMs',
  'media',
];

/** One setting as somebody at a desk says it. A field that is new here shows as it is. */
export function settingText(
  field: string,
  value: unknown,
  m: TemplateWords,
  schedules: DoorWords['schedules'],
): string {
  const settings = { [field]: value } as TemplateSettings;
  if (settings.openMs !== undefined) return m.seconds(settings.openMs / 1_000);
  if (settings.heldOpenMs !== undefined) return m.seconds(settings.heldOpenMs / 1_000);
  if (settings.bounceMs !== undefined) return m.milliseconds(settings.bounceMs);
  if (settings.volumePercent !== undefined) return `${settings.volumePercent}%`;
  if (settings.brightnessPercent !== undefined) return `${settings.brightnessPercent}%`;
  if (settings.dimPercent !== undefined) return `${settings.dimPercent}%`;
  if (settings.screenProfile !== undefined) return settings.screenProfile === 'A' ? '1080 × 1920' : '720 × 1280';
  if (settings.antiPassback !== undefined) return settings.antiPassback ? m.on : m.off;
  if (settings.quiet !== undefined) return spanText(settings.quiet, m);
  if (settings.media !== undefined) return mediaText(settings.media, m);
  if (settings.schedules !== undefined)
    return settings.schedules.map((each) => scheduleText(each, schedules)).join('；') || m.none;
  return JSON.stringify(value);
}

const spanText = ({ fromMinute, toMinute }: NonNullable<TemplateSettings['quiet']>, m: TemplateWords): string =>
  fromMinute === toMinute ? m.none : `${clockText(fromMinute)}–${clockText(toMinute)}`;

function mediaText({ windows, bytesPerSecondMax }: NonNullable<TemplateSettings['media']>, m: TemplateWords): string {
  const when = windows.map((window) => spanText(window, m)).join('、') || m.anyTime;
  return bytesPerSecondMax === null ? when : `${when}；${m.perSecond(Math.round(bytesPerSecondMax / 1_024))}`;
}
