import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { protocolVersion, type ReleaseManifest } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf } from '@gatecast/firmware-protocol/node';
import {
  packFolder,
  signRelease,
  unsigned,
  updateKeyOf,
  writeReleaseFile,
  type SigningKey,
} from '@gatecast/firmware-protocol/release';

export function newUpdateKey(): SigningKey {
  const pair = newKeyPair('ed25519');
  return { ...updateKeyOf(pair.publicKey), privateKey: privateKeyOf('ed25519', pair.privateKey) };
}

export const keyFileOf = ({ kid, publicKey }: SigningKey): string =>
  JSON.stringify({ v: 1, keys: [{ kid, publicKey }] });

export interface ReleaseFile {
  readonly bytes: Buffer;
  readonly manifest: ReleaseManifest;
}

/** A release file as `gatecast-release` makes it; without a key it is not signed. */
export async function releaseFile(version: string, key: SigningKey | undefined): Promise<ReleaseFile> {
  const dir = mkdtempSync(join(tmpdir(), 'gatecast-release-'));
  const files = { 'gatecast-agent.mjs': `console.log('${version}')`, 'screen/index.html': '<p></p>' };
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, 'agent', path)), { recursive: true });
      writeFileSync(join(dir, 'agent', path), content);
    }
    const archive = join(dir, 'archive');
    const packed = await packFolder(join(dir, 'agent'), archive);
    const manifest: ReleaseManifest = {
      v: 1,
      version,
      model: 'linux-x64',
      protocolFloor: protocolVersion,
      minFrom: null,
      createdAt: 0 as ReleaseManifest['createdAt'],
      ...packed,
    };
    const release = key ? { ...unsigned(manifest), signature: signRelease(key, manifest) } : unsigned(manifest);
    await writeReleaseFile(join(dir, 'release'), release, { path: archive, from: 0 });
    return { bytes: readFileSync(join(dir, 'release')), manifest };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
