import { expect, it } from 'vitest';
import { relayBroker } from './relay-broker.ts';

it('the broker of the relays is told by its address, with or without a name and a password', () => {
  expect(relayBroker('mqtt://192.168.1.4:1883')).toEqual({ url: 'mqtt://192.168.1.4:1883' });
  expect(relayBroker('mqtts://door:p%40ss@relays.local:8883/')).toEqual({
    url: 'mqtts://relays.local:8883',
    username: 'door',
    password: 'p@ss',
  });
});

it.each(['http://relays.local', 'mqtt://', 'relays.local:1883', 'mqtt://relays.local/topic'])('%s is none', (text) => {
  expect(() => relayBroker(text)).toThrow(expect.objectContaining({ code: 'bad-relay-broker' }));
});
