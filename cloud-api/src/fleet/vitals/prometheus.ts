/** One line of Prometheus' text format: a name, its labels, a number. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
/** Far more than a program of ours tells. */
const samplesMax = 20_000;

/** The samples of a page in Prometheus' text format 0.0.4; what is no sample is passed over. */
export function readPrometheus(text: string): readonly Sample[] {
  const samples: Sample[] = [];
  for (const row of text.split('\n')) {
    const [, name, labels = '', number = ''] = row.startsWith('#') ? [] : (line.exec(row) ?? []);
    if (name === undefined || samples.length >= samplesMax) continue;
    const value = Number(number);
    if (!Number.isFinite(value)) continue;
    const named = [...labels.matchAll(label)].map(([, key = '', held = '']) => [key, held.replace(/\\(.)/g, '$1')]);
    samples.push({ name, labels: Object.fromEntries(named) as Record<string, string>, value });
  }
  return samples;
}

/** The sum over all labels; 0 if nobody tells it. */
export const total = (samples: readonly Sample[], name: string): number =>
  samples.reduce((sum, sample) => (sample.name === name ? sum + sample.value : sum), 0);

/** What is added a second between two readings of a counter; a counter that fell was started anew. */
export const perSecond = (before: number, now: number, ms: number): number =>
  ms <= 0 ? 0 : ((now >= before ? now - before : now) * 1_000) / ms;
