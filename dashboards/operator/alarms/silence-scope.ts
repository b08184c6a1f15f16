import type { FleetAlarm } from '@gatecast/cloud-api/client';

/** `here`: this kind at this place; `place`: every kind there; `kind`: this kind everywhere. */
export type SilenceWhat = 'here' | 'place' | 'kind';
type Alarm = Pick<FleetAlarm, 'kind' | 'terminalId' | 'communityId'>;

/** What can be silenced starting from an alarm: one that is nowhere has no place. */
export const scopesOf = ({ terminalId, communityId }: Alarm): readonly SilenceWhat[] =>
  terminalId === null && communityId === null ? ['kind'] : ['here', 'place', 'kind'];

export function scopeOf({ kind, terminalId, communityId }: Alarm, what: SilenceWhat) {
  // The terminal says where it is.
  const place = { terminalId, communityId: terminalId === null ? communityId : null };
  switch (what) {
    case 'here':
      return { kind, ...place };
    case 'place':
      return { kind: null, ...place };
    case 'kind':
      return { kind, terminalId: null, communityId: null };
  }
}
