import type { DoorHardwareConfig } from '@gatecast/firmware-protocol/messages';
import type { DoorBench } from '../door-bench.fixture.ts';
import { LinkProxy } from '../link-proxy.fixture.ts';
import type { SimulatedDoor } from '../simulated-door.fixture.ts';

/** A simulated board behind a cable that can be cut. */
export function wiredBench(hardware: DoorHardwareConfig, link: 'osdp' | 'relay', door: SimulatedDoor): DoorBench {
  let cable: LinkProxy | undefined;
  return {
    hardware,
    async start() {
      await door.start();
      cable = new LinkProxy(door.link);
      return { [link]: await cable.start() };
    },
    async stop() {
      await cable?.stop();
      await door.stop();
    },
    async lock() {
      const { lock, opens, lastPulseMs } = await door.state();
      return { released: lock === 'released', opens, lastPulseMs };
    },
    moveLeaf: (open) => door.act('contact', { open }),
    cut: async () => cable?.cut(),
    restore: async () => cable?.restore(),
    async loseAnswers(isLosing) {
      // A Modbus unit that leaves a question unanswered is given no order at all: only the answers to orders may be lost.
      if (link === 'relay') await door.act('fault', { losesObedience: isLosing });
      else if (cable) cable.losesAnswers = isLosing;
    },
    wires: {
      pressExit: () => door.act('exit'),
      setFire: (active) => door.act('fire', { active }),
    },
  };
}
