/** So long before its end a clip hands over on a browser of which nothing is known yet: six frames, for a sound takes time to start. */
const usualMs = 240;
const [msMin, msMax] = [80, 600];
const frameMs = 40;
const keptMax = 8;

/** How early the next clip has to be started so that it moves when the one before it ends. */
export interface LeadTime {
  readonly ms: number;
  /** A clip that lay ready took so long from its start to its first moving frame. */
  took(ms: number): void;
}

/**
 * Browsers and boards differ: the sound alone can take a quarter of a second to start. The lead is what most of the last starts took, and a frame.
 */
export function createLeadTime(): LeadTime {
  let last: readonly number[] = [];
  let leadMs = usualMs;
  return {
    get ms() {
      return leadMs;
    },
    took(ms) {
      last = [...last, ms].slice(-keptMax);
      const sorted = last.slice().sort((a, b) => a - b);
      const most = sorted[Math.floor((sorted.length - 1) * 0.8)] ?? 0;
      leadMs = Math.min(msMax, Math.max(msMin, most + frameMs));
    },
  };
}
