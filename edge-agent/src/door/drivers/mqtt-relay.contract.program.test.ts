import { doorControllerContract } from '../door-controller.contract.ts';
import { relayHardware } from './relay-hardware.fixture.ts';
import { SimulatedRelay } from './relay-sim.fixture.ts';

doorControllerContract('a networked relay', () => {
  const relay = new SimulatedRelay();
  return {
    hardware: relayHardware,
    async start() {
      await relay.start();
      return { mqtt: relay.url };
    },
    stop: () => relay.stop(),
    lock: () => relay.state(),
    moveLeaf: async (open) => void (await relay.tell('leaf', open)),
    cut: async () => void (await relay.tell('power', false)),
    restore: async () => void (await relay.tell('power', true)),
    loseAnswers: async (isLosing) => void (await relay.tell('mute', isLosing)),
  };
});
