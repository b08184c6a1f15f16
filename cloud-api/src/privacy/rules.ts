import type { Resident } from '../communities/resident-contract.ts';

/** Nobody under 18 and nobody with a guardian agrees to anything, and who has moved out no longer does. */
export const mayConsent = (one: Pick<Resident, 'isChild' | 'guardianId' | 'state'>): boolean =>
  !one.isChild && one.guardianId === null && one.state === 'active';
