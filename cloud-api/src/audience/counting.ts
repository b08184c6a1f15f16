import { after, halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { Reads } from '../platform/db/store.ts';
import type { Plays } from '../plays/service.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import type { Between } from './forecasting.ts';

/** What an entrance's screens told of a half-hour. One that is not there was not told by all of them: nothing is known of it. */
export interface CountedHalfHour {
  readonly communityId: string;
  readonly entranceId: string;
  readonly placement: Placement;
  readonly at: InstantMs;
  /** Of each screen; null where it withheld a count below ten. */
  readonly told: readonly (number | null)[];
}

/** Half-hours of one community that every screen in service at an entrance has closed. */
export async function countedIn(
  q: Reads,
  { plays, terminals }: { readonly plays: Plays; readonly terminals: Terminals },
  communityId: string,
  between: Between,
): Promise<CountedHalfHour[]> {
  const screens = Map.groupBy(
    (await terminals.ofCommunity(q, communityId)).filter(({ claimed }) => claimed),
    ({ entranceId }) => entranceId,
  );
  const closing = await plays.closing(q, communityId, between);
  const told = Map.groupBy(await plays.told(q, [communityId], between), ({ entranceId }) => entranceId);
  return [...screens].flatMap(([entranceId, here]) => {
    const { placement } = here[0] as TerminalRef;
    const byHalfHour = Map.groupBy(told.get(entranceId) ?? [], ({ at }) => at);
    return [...byHalfHour].flatMap(([at, counts]) => {
      const wanted = here.filter(({ id }) => closing.inService(at).includes(id));
      const by = new Map(counts.map(({ terminalId, touches }) => [terminalId, touches]));
      if (wanted.some(({ id }) => !by.has(id)) || at < between.from || after(at, halfHourMs) > between.to) return [];
      return [{ communityId, entranceId, placement, at, told: [...by.values()] }];
    });
  });
}
