/** Milliseconds in one unit of a placeholder. */
const unitMs = { ms: 1, tenths: 100, s: 1_000 } as const;
const placeholders = /\{(?<unit>ms|tenths|s)\}/g;

/** Whether the relay is told how long, so that it ends the pulse by itself. */
export const isTimedPayload = (template: string): boolean => template.search(placeholders) >= 0;

/** The payload that releases for `durationMs`, rounded up to the template's unit. */
export function timedPayload(template: string, durationMs: number): string {
  return template.replace(placeholders, (_, unit: keyof typeof unitMs) => String(Math.ceil(durationMs / unitMs[unit])));
}
