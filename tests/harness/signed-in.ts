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
