import { describe, expect, it } from 'vitest';
import { compareVersions, releasePath, semver } from './software.ts';

describe('versions of the agent', () => {
  it('come in the order of Semantic Versioning 2.0.0, clause 11', () => {
    const rising = [
      '0.9.9',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.2.0',
      '1.10.0',
      '10.0.0',
    ];
    const mixed = rising.toSorted((a, b) => (a < b ? 1 : -1));
    expect(mixed.sort(compareVersions)).toEqual(rising);
    for (const version of rising)
      expect([semver.parse(version), compareVersions(version, version)]).toEqual([version, 0]);
  });

  it.each(['1.0', '01.0.0', '1.0.0+build', 'v1.0.0', '1.0.0-', ''])('%j is none', (text) => {
    expect(semver.safeParse(text).success).toBe(false);
  });
});

describe('paths in a release', () => {
  it.each(['gatecast-agent.mjs', 'screen/assets/index-a_1.js', 'node_modules/@serialport/bindings-cpp/package.json'])(
    '%s stays inside',
    (path) => expect(releasePath.safeParse(path).success).toBe(true),
  );
  it.each(['../agent', 'a/../../b', '/etc/passwd', '.ssh/keys', 'a//b', 'a/', 'a\\..\\b', 'a\0b', 'a b', ''])(
    '%j is refused',
    (path) => expect(releasePath.safeParse(path).success).toBe(false),
  );
});
