import type { MqttDoorConfig } from './mqtt-door.ts';
import { relayTopics } from './relay-sim.fixture.ts';

/** How the simulated relay is configured. */
export const relayHardware: MqttDoorConfig['hardware'] = {
  kind: 'mqtt',
  commandTopic: relayTopics.command,
  openPayload: 'open {ms}',
  securePayload: 'secure',
  stateTopic: relayTopics.state,
  releasedState: 'ON',
  securedState: 'OFF',
  untimedRelay: false,
  contact: { topic: relayTopics.contact, open: 'OPEN', closed: 'CLOSED' },
  availability: { topic: relayTopics.availability, online: 'online', offline: 'offline' },
};
