import { doorControllerContract } from '../door-controller.contract.ts';
import { SimulatedDoor } from '../simulated-door.fixture.ts';
import { wiredBench } from './wired-bench.fixture.ts';

const inputs = { contactInput: 0, exitInput: 1, fireInput: 2 } as const;
const hardware = { kind: 'modbus', unit: 1, lockRelay: 0, flashOn: true, untimedRelay: false, ...inputs } as const;

doorControllerContract('a relay board that times its pulses', () =>
  wiredBench(hardware, 'relay', new SimulatedDoor({ GATECAST_RELAY_SIM_AUTO_WALK: '0' }, 'modbus')),
);
