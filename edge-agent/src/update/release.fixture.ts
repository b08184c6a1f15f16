import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import {
  protocolVersion,
  type KeySuccession,
  type ReleaseManifest,
  type SignedRelease,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf } from '@gatecast/firmware-protocol/node';
import { packFolder, signRelease, updateKeyOf, type SigningKey } from '@gatecast/firmware-protocol/release';

export function newSigningKey(): SigningKey {
  const pair = newKeyPair('ed25519');
  return { ...updateKeyOf(pair.publicKey), privateKey: privateKeyOf('ed25519', pair.privateKey) };
}

/** The content of `update-keys.json` for these keys. */
export const pinOf = (...keys: SigningKey[]): string =>
  JSON.stringify({ v: 1, keys: keys.map(({ kid, publicKey }) => ({ kid, publicKey })) });

export interface PackedRelease {
  readonly release: SignedRelease;
  readonly archive: Buffer;
}

/** A signed release of these files. `change` is made to the manifest before it is signed. */
export async function packRelease(
  dir: string,
  files: Readonly<Record<string, string | Buffer>>,
  key: SigningKey,
  change: Partial<ReleaseManifest> = {},
  successions: readonly KeySuccession[] = [],
): Promise<PackedRelease> {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  const packed = await packFolder(dir, `${dir}.gz`);
  const manifest: ReleaseManifest = {
    v: 1,
    version: '1.1.0',
    model: 'test-board',
    protocolFloor: protocolVersion,
    minFrom: null,
    createdAt: 0 as ReleaseManifest['createdAt'],
    ...packed,
    ...change,
  };
  const release = { manifest, signature: signRelease(key, manifest), successions: [...successions] };
  return { release, archive: readFileSync(`${dir}.gz`) };
}

const silentMs = 300;

/** Serves archives by their hash, with ranges, and breaks off when told. */
export class ArchiveServer {
  readonly archives = new Map<string, Buffer>();
  /** Bytes of bodies that went out, and where each answer began. */
  readonly sent: { from: number; bytes: number }[] = [];
  /** How often it was asked for what it does not have. */
  missed = 0;
  /** Every connection ends after so many bytes of a body. */
  breakAfter = Number.POSITIVE_INFINITY;
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      const archive = this.archives.get((request.url ?? '').slice(1));
      if (!archive) {
        this.missed += 1;
        return void response.writeHead(404).end();
      }
      const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const body = archive.subarray(from);
      const isPart = from > 0;
      response.writeHead(isPart ? 206 : 200, {
        'content-length': body.length,
        ...(isPart && { 'content-range': `bytes ${from}-${archive.length - 1}/${archive.length}` }),
      });
      const part = body.subarray(0, this.breakAfter);
      this.sent.push({ from, bytes: part.length });
      if (part.length === body.length) return void response.end(part);
      // The line is silent for a moment before it breaks, so that what went out has arrived.
      response.write(part, () => setTimeout(() => response.socket?.destroy(), silentMs));
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
  }
}
