import type { Command } from '../messages/commands.ts';

/**
 * Where a device is on its way: `offline` is asked who it is (ID, sequence 0), `describing` what it can (CAP), `securing` proves its key
 * (CHLNG, SCRYPT) if it has one, `online` is polled and obeys. A channel that is lost while `online` is made again there, so that
 * what waits for the device goes on waiting.
 */
export type LinkPhase = 'offline' | 'describing' | 'securing' | 'online';

interface BringUpStep {
  readonly ask: Command;
  /** Where its answer leads, also when it is a NAK: a device that will not say who it is or what it can is used all the same. */
  readonly leadsTo: LinkPhase;
}

/** While `securing`, the channel's own questions go first; CAP keeps a device awake whose key is still being stored. */
export const BRING_UP: Readonly<Record<Exclude<LinkPhase, 'online'>, BringUpStep>> = {
  offline: { ask: { kind: 'id' }, leadsTo: 'describing' },
  describing: { ask: { kind: 'cap' }, leadsTo: 'securing' },
  securing: { ask: { kind: 'cap' }, leadsTo: 'securing' },
};
