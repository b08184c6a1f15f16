import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('two settings are enough', () => {
  expect(
    readConfig({ GATECAST_CLOUD_URL: 'http://127.0.0.1:8080', GATECAST_DATA_DIR: '/var/lib/gatecast' }),
  ).toMatchObject({
    ports: { mqtt: 1883, mqtts: undefined, ws: undefined, wss: undefined },
    tls: undefined,
    origins: [],
    proxies: [],
    host: '127.0.0.1',
    httpHost: '127.0.0.1',
    parentWatch: false,
  });
});

test('all faults are told at once', () => {
  const read = () => readConfig({ GATECAST_CLOUD_URL: 'nowhere', GATECAST_BROKER_PORT: '99999' });
  expect(read).toThrow(/GATECAST_BROKER_PORT/);
  expect(read).toThrow(/GATECAST_CLOUD_URL/);
  expect(read).toThrow(/GATECAST_DATA_DIR/);
});

const least = { GATECAST_CLOUD_URL: 'http://127.0.0.1:8080', GATECAST_DATA_DIR: '/var/lib/gatecast' };
const pair = { GATECAST_BROKER_TLS_CERT_FILE: '/etc/cert.pem', GATECAST_BROKER_TLS_KEY_FILE: '/etc/key.pem' };

test('a certificate and a key open the port of TLS, and plain MQTT can be shut', () => {
  const { ports, tls } = readConfig({
    ...least,
    ...pair,
    GATECAST_BROKER_PORT: 'none',
    GATECAST_BROKER_WSS_PORT: '8443',
  });
  expect(ports).toEqual({ mqtt: undefined, mqtts: 8883, ws: undefined, wss: 8443 });
  expect(tls).toEqual({ certFile: '/etc/cert.pem', keyFile: '/etc/key.pem', dataDir: '/var/lib/gatecast' });
});

test.each([
  ['a certificate without its key', { GATECAST_BROKER_TLS_CERT_FILE: '/etc/cert.pem' }],
  ['a key without its certificate', { GATECAST_BROKER_TLS_KEY_FILE: '/etc/key.pem' }],
  ['secure WebSocket without a certificate', { GATECAST_BROKER_WSS_PORT: '8443' }],
  ['nothing that listens', { GATECAST_BROKER_PORT: 'none' }],
  ['a proxy that is no address', { GATECAST_TRUSTED_PROXY: 'proxy.example' }],
  ['an origin with a path', { GATECAST_BROKER_WS_ORIGINS: 'https://example.com/page' }],
])('%s is not in order', (_what, settings) => {
  expect(() => readConfig({ ...least, ...settings })).toThrow(/not in order/);
});
