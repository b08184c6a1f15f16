import type { ModbusDoor } from './modbus-wiring.ts';

/** How the simulated relay board is wired. */
export const relayBoardHardware: ModbusDoor['hardware'] = {
  kind: 'modbus',
  unit: 1,
  lockRelay: 0,
  flashOn: true,
  untimedRelay: false,
  contactInput: 0,
  exitInput: 1,
  fireInput: 2,
};
