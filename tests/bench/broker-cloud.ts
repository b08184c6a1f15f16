import { sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { revocationContext, tokenAudience, tokenIssuer } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf, signText } from '@gatecast/firmware-protocol/node';

/** The two documents that a broker reads of the cloud, over real HTTP, and tokens to go with them. */
export interface BrokerCloud {
  readonly url: string;
  readonly token: (subject: string) => string;
  readonly stop: () => void;
}

const kid = 'bench';
const tokenLifeSeconds = 3_600;

export async function startBrokerCloud(): Promise<BrokerCloud> {
  const pair = newKeyPair('ed25519');
  const key = privateKeyOf('ed25519', pair.privateKey);
  const payload = JSON.stringify({ at: Date.now(), revoked: [] });
  const documents: Readonly<Record<string, unknown>> = {
    '/.well-known/jwks.json': {
      keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid, x: pair.publicKey }],
    },
    '/v1/terminals/revocations': { payload, signature: { kid, value: signText(key, revocationContext, payload) } },
  };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(documents[request.url ?? ''] ?? null));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token(subject) {
      const iat = Math.floor(Date.now() / 1_000);
      const claims = { sub: subject, iss: tokenIssuer, aud: tokenAudience, iat, exp: iat + tokenLifeSeconds };
      const signed = `${part({ alg: 'EdDSA', kid })}.${part(claims)}`;
      return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
