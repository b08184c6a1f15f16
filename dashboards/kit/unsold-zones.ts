import { keepsHalfHours, type InstantMs } from '@gatecast/firmware-protocol';

/** Zones in which nothing can be sold: their clocks are off the half-hours that are. Such communities were stored before they were refused. */
export const unsoldZones = (communities: readonly { readonly zone: string }[], now: InstantMs): ReadonlySet<string> =>
  new Set([...new Set(communities.map(({ zone }) => zone))].filter((zone) => !keepsHalfHours(zone, now)));
