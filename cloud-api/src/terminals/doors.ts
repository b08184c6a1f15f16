import type { InstantMs } from '@gatecast/firmware-protocol';
import type { DoorMode } from '@gatecast/firmware-protocol/messages';
import type { Reads } from '../platform/db/store.ts';
import { wantedMode } from './door-rules.ts';
import { settingsOf } from './show.ts';
import * as rows from './store.ts';

/** A door with a terminal in service, for somebody who wants it opened from afar. */
export interface Door {
  readonly terminalId: string;
  readonly entranceId: string;
  readonly name: string;
  readonly placement: rows.PlacedTerminal['placement'];
  readonly online: boolean;
  /** In the terminal's last words; null before the first. */
  readonly mode: DoorMode | null;
  /** What should hold now. */
  readonly wanted: DoorMode;
}

export async function doorsOf(q: Reads, communityId: string, now: InstantMs): Promise<Door[]> {
  const terminals = await rows.listTerminals(q, { communityId }, '', rows.terminalsPerCommunityMax);
  const active = terminals.filter(({ status }) => status === 'active');
  const ids = active.map(({ id }) => id);
  const presences = new Map((await rows.presencesOf(q, ids)).map((row) => [row.terminalId, row]));
  return active.map((row) => {
    const { id, entranceId, entranceName: name, placement } = row;
    const presence = presences.get(id);
    const told = presence?.doors?.find(({ entrance }) => entrance === entranceId);
    const wanted = wantedMode(settingsOf(row).schedules, row.modeOverride, now, row.zone);
    return {
      terminalId: id,
      entranceId,
      name,
      placement,
      online: presence?.online ?? false,
      mode: told?.mode ?? null,
      wanted,
    };
  });
}
