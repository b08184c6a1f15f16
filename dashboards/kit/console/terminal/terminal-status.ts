import type { Terminal } from '@gatecast/cloud-api/client';
import type { TerminalWords } from './words-zh.ts';

export interface TerminalStatus {
  readonly tone: 'good' | 'warn' | 'bad' | 'idle';
  readonly word: string;
  /** What it means for the people at the door, when something is wrong. */
  readonly hint: string | null;
}

/** One big word for a terminal: the worst of what is the matter with it. */
export function statusOf(
  terminal: Pick<Terminal, 'status' | 'online' | 'doorOnline' | 'alarms'>,
  m: TerminalWords,
): TerminalStatus {
  if (terminal.status === 'revoked') return { tone: 'idle', word: m.revoked, hint: null };
  if (terminal.status === 'unclaimed') return { tone: 'idle', word: m.unclaimed, hint: null };
  if (terminal.online && terminal.alarms.length > 0) return { tone: 'bad', word: m.alarmed, hint: null };
  if (!terminal.online) return { tone: 'bad', word: m.offline, hint: m.offlineHint };
  if (!terminal.doorOnline) return { tone: 'warn', word: m.doorOffline, hint: m.doorOfflineHint };
  return { tone: 'good', word: m.online, hint: null };
}
