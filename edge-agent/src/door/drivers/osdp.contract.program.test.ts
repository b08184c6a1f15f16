import { doorControllerContract } from '../door-controller.contract.ts';
import { LinkProxy } from '../link-proxy.fixture.ts';
import { SimulatedDoor } from '../simulated-door.fixture.ts';

doorControllerContract('an OSDP board', () => {
  const door = new SimulatedDoor({ GATECAST_DOOR_AUTO_WALK: '0' });
  let cable: LinkProxy;
  return {
    hardware: { kind: 'osdp', address: 0, lockOutput: 0, contactInput: 0, exitInput: 1, fireInput: 2 },
    async start() {
      await door.start();
      cable = new LinkProxy(door.link);
      return { osdp: await cable.start() };
    },
    async stop() {
      await cable.stop();
      await door.stop();
    },
    async lock() {
      const { lock, opens, lastPulseMs } = await door.state();
      return { released: lock === 'released', opens, lastPulseMs };
    },
    moveLeaf: (open) => door.act('contact', { open }),
    cut: async () => cable.cut(),
    restore: async () => cable.restore(),
    async loseAnswers(isLosing) {
      cable.losesAnswers = isLosing;
    },
    wires: {
      pressExit: () => door.act('exit'),
      setFire: (active) => door.act('fire', { active }),
    },
  };
});
