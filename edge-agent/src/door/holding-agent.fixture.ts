import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import { benchHardware, type BenchLinks } from './door-bench.fixture.ts';

export interface HoldingAgentTask {
  readonly links: BenchLinks;
  readonly door: DoorConfig;
  /** Between the first order to hold and the second. */
  readonly renewAfterMs: number;
}

/** A program that holds a door twice and then waits to be killed. */
const { links, door, renewAfterMs }: HoldingAgentTask = JSON.parse(process.argv[2] ?? '');
const events = new EventEmitter();
const hardware = benchHardware(links, [door], {
  onHardware: (event) => {
    if (event.type === 'online' && event.online) events.emit('online');
  },
});
hardware.start();
await once(events, 'online');
const first = await hardware.doors.hold(door.entrance);
await pause(renewAfterMs);
process.send?.([first, await hardware.doors.hold(door.entrance)]);
process.once('disconnect', () => process.exit());
