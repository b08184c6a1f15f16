import { doorControllerContract } from '../door-controller.contract.ts';
import { SimulatedDoor } from '../simulated-door.fixture.ts';
import { wiredBench } from './wired-bench.fixture.ts';

const hardware = { kind: 'osdp', address: 0, lockOutput: 0, contactInput: 0, exitInput: 1, fireInput: 2 } as const;

doorControllerContract('an OSDP board', () =>
  wiredBench(hardware, 'osdp', new SimulatedDoor({ GATECAST_DOOR_AUTO_WALK: '0' })),
);
