import type { Terminal } from '@gatecast/cloud-api/client';

type State = Pick<Terminal, 'status' | 'online' | 'doorOnline'>;
export type FleetCount = 'well' | 'offline' | 'doorFault' | 'unclaimed';

const isActive = ({ status }: State): boolean => status === 'active';

/** Which terminals count as what; an active terminal is in exactly one of the first three. */
export const fleetCounts: Record<FleetCount, (terminal: State) => boolean> = {
  well: (terminal) => isActive(terminal) && terminal.online && terminal.doorOnline,
  offline: (terminal) => isActive(terminal) && !terminal.online,
  doorFault: (terminal) => isActive(terminal) && terminal.online && !terminal.doorOnline,
  unclaimed: (terminal) => terminal.status === 'unclaimed',
};
