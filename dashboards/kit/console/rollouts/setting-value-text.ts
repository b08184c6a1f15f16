import { clockText } from '../../format.ts';

/** A setting's value in a diff: short, and the same in every language. */
export function settingValueText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  if (typeof value === 'boolean') return value ? '✓' : '✗';
  if (Array.isArray(value)) return `(${value.length})`;
  if (isDailyWindow(value)) return `${clockText(value.fromMinute)}–${clockText(value.toMinute)}`;
  return JSON.stringify(value);
}

const isDailyWindow = (value: object): value is { readonly fromMinute: number; readonly toMinute: number } =>
  'fromMinute' in value && 'toMinute' in value;
