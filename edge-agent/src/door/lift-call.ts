import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { LiftController, Obeyed } from './door-controller.ts';

/** Calls the car and frees the buttons of `floors`; whichever of the two was obeyed best is what somebody can ride on. */
export async function callLift(
  lifts: LiftController,
  entrance: string,
  floors: readonly number[] | 'all',
): Promise<Obeyed> {
  const called = lifts.call(entrance);
  const released = floors.length > 0 ? lifts.releaseFloors(entrance, floors) : called;
  const answers = [await called, await released];
  if (answers.includes('yes')) return 'yes';
  return answers.includes('maybe') ? 'maybe' : 'no';
}

/** True for a lift whose doors have a contact. */
export function tellsArrival({ lift, hardware }: DoorConfig): boolean {
  const contact = hardware.kind === 'mqtt' ? hardware.contact : hardware.contactInput;
  return lift !== null && contact !== null;
}
