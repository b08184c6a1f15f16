const secondMs = 1_000;
const hourMs = 3_600_000;

/** What is left as a clock counts it down: `09:58`, from an hour on `5:23:11`. Whole seconds, rounded up; never below `00:00`. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / secondMs));
  const pad = (n: number): string => String(n).padStart(2, '0');
  const clock = `${pad(Math.floor((seconds % 3_600) / 60))}:${pad(seconds % 60)}`;
  return ms >= hourMs ? `${Math.floor(seconds / 3_600)}:${clock}` : clock;
}
