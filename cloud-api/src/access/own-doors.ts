import { minutes, type InstantMs } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { CommandRecord } from '../terminals/command-contract.ts';
import type { TerminalsService } from '../terminals/service.ts';
import type { OwnDoor } from './own-door-contract.ts';
import { requireEntry } from './own-entry.ts';

/** Openings from afar that one resident may ask for in a minute. */
export const openingsMax = 6;
const openingsSpanMs = minutes(1);

export interface OwnDoors {
  list(who: As<'resident'>): Promise<readonly OwnDoor[]>;
  /**
   * Rejects with `not-found` for a door of elsewhere, `terminal-offline`, `door-locked-down`, `too-many-requests`, `no-right-to-enter` or `moved-out`.
   * A terminal that knows of a lockdown before we do refuses by itself.
   */
  open(who: As<'resident'>, entranceId: string, call: Call): Promise<CommandRecord>;
  /** Rejects with `not-found` for a command that somebody else gave. */
  command(who: As<'resident'>, id: string): Promise<CommandRecord>;
}

/** Doors that residents open from their phones. */
export function createOwnDoors(
  { store, clock }: Platform,
  communities: Communities,
  terminals: Pick<TerminalsService, 'doorsOf' | 'commands'>,
): OwnDoors {
  const doorsOf = async (who: As<'resident'>) => terminals.doorsOf(store.read, who.communityId);

  return {
    async list(who) {
      const doors = await doorsOf(who);
      return doors.map(({ entranceId, name, placement, online, mode }) => ({
        entranceId,
        name,
        placement,
        online,
        mode,
      }));
    },
    async open(who, entranceId, call) {
      const door = (await doorsOf(who)).find((one) => one.entranceId === entranceId);
      if (!door) throw notFound('door');
      return terminals.commands.openFor(who, door.terminalId, call, async (q) => {
        const now = clock.now();
        await requireEntry(q, communities, who, now);
        if (door.wanted === 'lockdown')
          throw refusal('door-locked-down', 'the property management has locked this door');
        const asked = await terminals.commands.askedBy(q, who.residentId, (now - openingsSpanMs) as InstantMs);
        if (asked >= openingsMax) throw refusal('too-many-requests', `${openingsMax} openings a minute are the most`);
      });
    },
    async command(who, id) {
      const command = await terminals.commands.find(id);
      if (command.residentId !== who.residentId) throw notFound('command');
      return command;
    },
  };
}
