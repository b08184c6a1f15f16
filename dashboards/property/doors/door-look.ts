import type { Terminal } from '@gatecast/cloud-api/client';
import type { IconName } from '../../kit/ui/icon.tsx';

type Standing = Terminal['doors'][number];
export type Tone = 'good' | 'bad' | 'warn' | 'brand' | 'idle';

export interface Look {
  readonly icon: IconName;
  readonly tone: Tone;
}

export const stateLook: Readonly<Record<Standing['state'], Look>> = {
  closed: { icon: 'door', tone: 'good' },
  released: { icon: 'unlock', tone: 'brand' },
  open: { icon: 'doorOpen', tone: 'brand' },
  'held-open': { icon: 'clock', tone: 'warn' },
  forced: { icon: 'alert', tone: 'bad' },
  'fire-released': { icon: 'flame', tone: 'bad' },
  fault: { icon: 'alert', tone: 'bad' },
};

export const modeLook: Readonly<Record<Standing['mode'], Look>> = {
  normal: { icon: 'check', tone: 'good' },
  lockdown: { icon: 'lock', tone: 'bad' },
  'free-passage': { icon: 'unlock', tone: 'warn' },
};

export const alarmIcon: Readonly<Record<Terminal['alarms'][number]['kind'], IconName>> = {
  fire: 'flame',
  forced: 'alert',
  'held-open': 'clock',
  tamper: 'alert',
  power: 'power',
  'door-offline': 'alert',
  'wrong-codes': 'key',
  duress: 'shield',
  passback: 'people',
  'lock-fault': 'alert',
  'reader-insecure': 'shield',
  'reader-offline': 'alert',
  help: 'megaphone',
  'code-storm': 'key',
  'break-glass': 'shield',
};

type Alarm = Terminal['alarms'][number];

/** Alarms that a state of the door tells already. */
const toldBy: Readonly<Partial<Record<Standing['state'], Alarm['kind']>>> = {
  'held-open': 'held-open',
  forced: 'forced',
  'fire-released': 'fire',
  fault: 'lock-fault',
};

/** The alarm that the door's state is about, and the others. */
export function alarmsBeside(
  state: Standing['state'] | undefined,
  alarms: readonly Alarm[],
): { readonly told: Alarm | undefined; readonly others: readonly Alarm[] } {
  const kind = state && toldBy[state];
  const told = alarms.find((alarm) => alarm.kind === kind);
  return { told, others: alarms.filter((alarm) => alarm !== told) };
}

export interface Raised<T = Terminal> {
  readonly terminal: T;
  readonly alarm: Alarm;
}

/** The newest of all alarms, and the other doors at which something is raised, each with its newest, newest first. */
export function alarmsAbove<T extends Pick<Terminal, 'id' | 'alarms'>>(
  terminals: readonly T[],
): {
  readonly count: number;
  readonly newest: Raised<T> | undefined;
  readonly elsewhere: readonly Raised<T>[];
} {
  const raised = terminals
    .flatMap((terminal) => terminal.alarms.map((alarm) => ({ terminal, alarm })))
    .toSorted((a, b) => b.alarm.since - a.alarm.since);
  const ofDoors = new Map<string, Raised<T>>();
  for (const each of raised) if (!ofDoors.has(each.terminal.id)) ofDoors.set(each.terminal.id, each);
  const [newest, ...elsewhere] = ofDoors.values();
  return { count: raised.length, newest, elsewhere };
}

/** What a page tells of the mode: what holds at the door, or what should and why it does not yet. */
export interface ModeStory {
  readonly mode: Standing['mode'];
  /** `waiting`: the terminal has it and does not follow it (yet): without a clock no door stands free. */
  readonly way: 'in-force' | 'on-its-way' | 'waiting' | 'refused' | 'when-back';
  readonly until: number | null;
  readonly bySchedule: boolean;
}

/** What keeps a terminal that is there from a mode, by the state of its settings. */
const wayOf = {
  none: 'on-its-way',
  pending: 'on-its-way',
  applied: 'waiting',
  failed: 'refused',
  reverted: 'refused',
} as const satisfies Readonly<Record<Terminal['documents']['config']['state'], ModeStory['way']>>;

/** Null where the mode is normal and nobody set it by hand. */
export function modeStory({
  online,
  doors,
  mode,
  documents,
}: Pick<Terminal, 'online' | 'doors' | 'mode' | 'documents'>): ModeStory | null {
  // A terminal that has gone still does what the last settings it took say.
  const inForce = online ? doors[0]?.mode : documents.config.state === 'applied' ? mode.wanted : undefined;
  // Normal by hand is news too: the weekly schedule rests.
  const isPaused = mode.override?.mode === 'normal';
  if (mode.wanted === 'normal' && !isPaused && (inForce === undefined || inForce === 'normal')) return null;
  const notYet = online ? wayOf[documents.config.state] : 'when-back';
  const way = inForce === mode.wanted ? 'in-force' : notYet;
  const bySchedule = mode.override === null && mode.wanted !== 'normal';
  return { mode: mode.wanted, way, until: mode.override?.to ?? null, bySchedule };
}
