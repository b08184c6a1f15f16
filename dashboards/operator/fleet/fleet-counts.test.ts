import { expect, it } from 'vitest';
import { fleetCounts, type FleetCount } from './fleet-counts.ts';

it('each terminal counts once', () => {
  const names = Object.keys(fleetCounts) as FleetCount[];
  for (const status of ['active', 'unclaimed'] as const) {
    for (const online of [true, false]) {
      for (const doorOnline of [true, false]) {
        expect(names.filter((name) => fleetCounts[name]({ status, online, doorOnline }))).toHaveLength(1);
      }
    }
  }
});
