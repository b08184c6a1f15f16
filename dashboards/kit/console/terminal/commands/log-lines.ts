/** One line of a terminal's log as people read it. */
export interface LogLine {
  /** UTC ms; null where the line does not say. */
  readonly at: number | null;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  /** What else it says. */
  readonly facts: string;
}

/** pino's own numbers. */
const levelOf = (level: unknown): LogLine['level'] => {
  const number = Number(level);
  if (number >= 50) return 'error';
  if (number >= 40) return 'warn';
  return number >= 30 ? 'info' : 'debug';
};

/** Everybody's: they say nothing of this line. */
const everyLine: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'v']);

/** The lines of a file, newest first. What is no JSON stands as it is. */
export const linesOf = (file: string): readonly LogLine[] =>
  file
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(lineOf)
    .toReversed();

function lineOf(line: string): LogLine {
  const value = objectOf(line);
  if (!value) return { at: null, level: 'info', text: line, facts: '' };
  const facts = Object.entries(value).filter(([name]) => !everyLine.has(name));
  const { time, level, msg } = value;
  return {
    at: typeof time === 'number' ? time : null,
    level: levelOf(level),
    text: typeof msg === 'string' ? msg : '',
    facts: facts.map(([name, fact]) => `${name}=${typeof fact === 'string' ? fact : JSON.stringify(fact)}`).join('  '),
  };
}

function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // A stack trace, or what another program wrote.
    return undefined;
  }
}
