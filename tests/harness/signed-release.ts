import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { protocolVersion, type ReleaseManifest } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf } from '@gatecast/firmware-protocol/node';
import {
  packFolder,
  signRelease,
  updateKeyOf,
  writeReleaseFile,
  type SigningKey,
} from '@gatecast/firmware-protocol/release';

/** An update key that never was offline. */
export function newUpdateKey(): SigningKey {
  const pair = newKeyPair('ed25519');
  return { ...updateKeyOf(pair.publicKey), privateKey: privateKeyOf('ed25519', pair.privateKey) };
}

/** Writes `update-keys.json` with this one key. */
export const writeUpdateKeys = (path: string, { kid, publicKey }: SigningKey): void =>
  writeFileSync(path, JSON.stringify({ v: 1, keys: [{ kid, publicKey }] }));

/** A release file of an agent that does nothing. */
export async function signedRelease(key: SigningKey, about: Pick<ReleaseManifest, 'version' | 'model'>): Promise<Blob> {
  const dir = mkdtempSync(join(tmpdir(), 'gatecast-release-'));
  try {
    mkdirSync(join(dir, 'agent'));
    writeFileSync(join(dir, 'agent', 'gatecast-agent.mjs'), '');
    const packed = await packFolder(join(dir, 'agent'), join(dir, 'archive'));
    const createdAt = 0 as ReleaseManifest['createdAt'];
    const manifest: ReleaseManifest = {
      v: 1,
      ...about,
      protocolFloor: protocolVersion,
      minFrom: null,
      createdAt,
      ...packed,
    };
    const release = { manifest, signature: signRelease(key, manifest), successions: [] };
    await writeReleaseFile(join(dir, 'release'), release, { path: join(dir, 'archive'), from: 0 });
    return new Blob([readFileSync(join(dir, 'release'))]);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
