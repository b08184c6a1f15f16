import { join } from 'node:path';
import { releaseEntry } from '@gatecast/firmware-protocol/messages';

/** Two folders: one runs, the other takes the next release. */
export const slots = ['a', 'b'] as const;
export type Slot = (typeof slots)[number];

export const otherSlot = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');

/** Where everything of the updates lies, below the folder that `GATECAST_SOFTWARE_DIR` names. */
export const places = (softwareDir: string) => ({
  slot: (slot: Slot) => join(softwareDir, slot),
  entry: (slot: Slot) => join(softwareDir, slot, releaseEntry),
  state: join(softwareDir, 'boot-state.json'),
  successions: join(softwareDir, 'key-successions.json'),
  downloads: join(softwareDir, 'download'),
});
export type Places = ReturnType<typeof places>;

/** The signed release that a slot holds, written when all of it is there. A release has no name that begins with a dot. */
export const slotReleaseFile = '.release.json';
