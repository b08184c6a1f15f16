import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('two settings are enough', () => {
  expect(
    readConfig({ GATECAST_CLOUD_URL: 'http://127.0.0.1:8080', GATECAST_DATA_DIR: '/var/lib/gatecast' }),
  ).toMatchObject({
    port: 1883,
    host: '127.0.0.1',
    parentWatch: false,
  });
});

test('all faults are told at once', () => {
  const read = () => readConfig({ GATECAST_CLOUD_URL: 'nowhere', GATECAST_BROKER_PORT: '99999' });
  expect(read).toThrow(/GATECAST_BROKER_PORT/);
  expect(read).toThrow(/GATECAST_CLOUD_URL/);
  expect(read).toThrow(/GATECAST_DATA_DIR/);
});
