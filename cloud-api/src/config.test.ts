import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('has a default for everything', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: '.data/cloud/cloud.sqlite',
      firstOperator: undefined,
    });
    expect(config.brokerPublicUrl).toBe(config.brokerUrl);
  });

  it('tells all faults at once', () => {
    const wrong = {
      GATECAST_CLOUD_PORT: 'high',
      GATECAST_PUBLIC_URL: 'not a url',
      GATECAST_FIRST_OPERATOR_PASSWORD: 'short',
    };
    expect(() => readConfig(wrong)).toThrow(
      /GATECAST_CLOUD_PORT[^]*GATECAST_PUBLIC_URL[^]*GATECAST_FIRST_OPERATOR_PASSWORD/,
    );
  });
});
