import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { revocationContext, tokenAudience, tokenIssuer } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf, signText } from '@gatecast/firmware-protocol/node';

/** The two documents of the cloud that a broker reads, served over real HTTP, and the tokens that go with them. */
export interface CloudFixture {
  readonly url: string;
  token(
    subject: string,
    life?: { issuedAt?: number; seconds?: number; audience?: string; kid?: string },
  ): Promise<string>;
  revoke(subject: string, beforeSecond?: number): void;
  /** Signs with a key that the old documents don't know. */
  rotateKey(): void;
  /** Signs the revocation list with a key of its own. */
  forgeRevocations(): void;
  /** Answers with this list from here on, whoever is revoked later. */
  replay(list: string): void;
  /** How often the list was asked for. */
  readonly listsAsked: number;
  /** Answers no more with these, until mended. */
  breakOff(what: 'keys' | 'revocations'): void;
  mend(): void;
  stop(): Promise<void>;
}

export async function startCloud(): Promise<CloudFixture> {
  let signing = { kid: 'k1', pair: newKeyPair('ed25519') };
  const keys = [signing];
  const revoked: { subject: string; beforeSecond: number }[] = [];
  const broken = new Set<'keys' | 'revocations'>();
  let forged = false;
  let replayed: string | undefined;
  let listsAsked = 0;

  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const asked = request.url === '/.well-known/jwks.json' ? 'keys' : 'revocations';
    if (asked === 'revocations') listsAsked += 1;
    if (broken.has(asked)) response.writeHead(503).end();
    else if (asked === 'keys') {
      const published = keys.map(({ kid, pair }) => ({
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        kid,
        x: pair.publicKey,
      }));
      response.end(JSON.stringify({ keys: [{ kty: 'RSA', kid: 'other', n: 'AQAB', e: 'AQAB' }, ...published] }));
    } else if (request.url === '/v1/terminals/revocations') {
      const payload = JSON.stringify({ at: Date.now(), revoked });
      const { kid, pair } = signing;
      const secret = forged ? newKeyPair('ed25519').privateKey : pair.privateKey;
      const value = signText(privateKeyOf('ed25519', secret), revocationContext, payload);
      response.end(replayed ?? JSON.stringify({ payload, signature: { kid, value } }));
    } else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async token(
      subject,
      { issuedAt = Math.floor(Date.now() / 1_000), seconds = 3_600, audience = tokenAudience, kid } = {},
    ) {
      const key = signing;
      return new SignJWT()
        .setProtectedHeader({ alg: 'EdDSA', kid: kid ?? key.kid })
        .setSubject(subject)
        .setIssuer(tokenIssuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + seconds)
        .sign(privateKeyOf('ed25519', key.pair.privateKey));
    },
    revoke: (subject, beforeSecond = Math.floor(Date.now() / 1_000)) => revoked.push({ subject, beforeSecond }),
    rotateKey() {
      signing = { kid: `k${keys.length + 1}`, pair: newKeyPair('ed25519') };
      keys.push(signing);
    },
    forgeRevocations: () => (forged = true),
    replay: (list) => (replayed = list),
    get listsAsked() {
      return listsAsked;
    },
    breakOff: (what) => broken.add(what),
    mend: () => broken.clear(),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
