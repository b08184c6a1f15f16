import { randomUUID } from 'node:crypto';
import type { TestApp } from './test-app.ts';

export interface TestPerson {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  /** Of a session. */
  readonly token: string;
}

/** Somebody who was invited by the owner of `inviter` and took it up. */
export async function invited(
  world: TestApp,
  inviter: string,
  invitation: Readonly<Record<string, unknown>> & { readonly role: string; readonly email?: string },
): Promise<TestPerson> {
  const email = invitation.email ?? `${randomUUID()}@team.test`;
  const password = `pass phrase ${randomUUID()}`;
  const body = { name: '新同事', ...invitation, email };
  const made = await world.call('POST', '/v1/invitations', { token: inviter, body });
  if (made.status !== 201) throw new Error(`no invitation: ${made.body.code}`);
  const session = await world.call('POST', '/v1/invitations/accept', { body: { token: made.body.token, password } });
  if (session.status !== 201) throw new Error(`not accepted: ${session.body.code}`);
  const account = await accountWith(world, email);
  return { id: account, email, password, token: session.body.token };
}

async function accountWith(world: TestApp, email: string): Promise<string> {
  let cursor: string | null = '';
  do {
    const page = await world.call('GET', `/v1/team?limit=200${cursor ? `&cursor=${cursor}` : ''}`, {
      token: world.operator,
    });
    const found = page.body.items.find((member: { email: string }) => member.email === email);
    if (found) return found.id;
    cursor = page.body.nextCursor;
  } while (cursor !== null);
  throw new Error(`nobody has ${email}`);
}
