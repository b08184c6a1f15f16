import { randomBytes } from 'node:crypto';
import { createClient, type Client, type Session } from '@gatecast/cloud-api/client';
import type { Neighbourhood } from './neighbourhood.ts';
import { newestCode } from './texted-code.ts';
import { waitUntil } from './wait-until.ts';

const anonymous = ({ cloudUrl }: Neighbourhood): Client => createClient({ base: cloudUrl, token: () => undefined });
const clientOf = ({ cloudUrl }: Neighbourhood, { token }: Session): Client =>
  createClient({ base: cloudUrl, token: () => token });

/** A client of the resident with this phone, by the code that is texted to it. */
export async function residentSignedIn(neighbourhood: Neighbourhood, phone: string): Promise<Client> {
  const client = anonymous(neighbourhood);
  await client('POST /v1/sms-codes', { body: { phone } });
  const code = await waitUntil('the texted code', () => newestCode(neighbourhood.sandboxUrl, phone));
  return clientOf(neighbourhood, await client('POST /v1/sessions', { body: { phone, code } }));
}

/** A client of a new guard, invited by the property's manager. */
export async function guardSignedIn(neighbourhood: Neighbourhood, manager: Client): Promise<Client> {
  const email = `guard-${randomBytes(4).toString('hex')}@heya.example`;
  const { token } = await manager('POST /v1/invitations', { body: { role: 'guard', name: '钱师傅', email } });
  const password = randomBytes(12).toString('base64url');
  return clientOf(
    neighbourhood,
    await anonymous(neighbourhood)('POST /v1/invitations/accept', { body: { token, password } }),
  );
}
