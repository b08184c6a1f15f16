import { releaseManifest } from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { judge, type Running } from './release-rules.ts';

const sha256 = 'a'.repeat(64);
const manifest = (change: object = {}) =>
  releaseManifest.parse({
    v: 1,
    version: '1.4.0',
    model: 'linux-x64',
    protocolFloor: 4,
    minFrom: null,
    createdAt: 0,
    files: [{ path: 'gatecast-agent.mjs', bytes: 1, sha256 }],
    archive: { bytes: 1, sha256 },
    ...change,
  });
const running: Running = { version: '1.3.0', archive: 'b'.repeat(64), model: 'linux-x64', protocol: 4, floor: '1.3.0' };

describe('whether a genuine release is one for this machine', () => {
  it('a newer one of the same model is', () => expect(judge(manifest(), running)).toBe('install'));

  it.each([
    ['for another machine', { model: 'linux-arm64' }, {}, 'wrong-model'],
    ['that speaks of things this agent cannot know', { protocolFloor: 5 }, {}, 'protocol-too-new'],
    ['older than what runs', { version: '1.2.9' }, {}, 'older-release'],
    ['older than what once proved itself', { version: '1.4.0' }, { floor: '1.5.0' }, 'older-release'],
    ['a release candidate of what runs', { version: '1.3.0-rc.1' }, {}, 'older-release'],
    ['that needs one in between', { minFrom: '1.3.1' }, {}, 'step-missing'],
    ['of the same version with other content', { version: '1.3.0' }, {}, 'other-release-of-this-version'],
    ['that runs already', { version: '1.3.0' }, { archive: sha256 }, 'already-running'],
    ['of the version that was installed by hand', { version: '1.3.0' }, { archive: undefined }, 'already-running'],
  ] as const)('one %s is not', (_, release, here, verdict) => {
    expect(judge(manifest(release), { ...running, ...here })).toBe(verdict);
  });
});
