import { createHmac } from 'node:crypto';
import { accessList, documentEnvelope, type AccessList } from '@gatecast/firmware-protocol/messages';
import { codeKeyPurpose, pinKeyPurpose, unseal } from '@gatecast/firmware-protocol/node';
import type { PassPrf } from '@gatecast/firmware-protocol/pass';
import type { TestApp } from '../test-app.ts';
import type { TestTerminal } from '../test-neighbourhood.ts';

/** The list that a terminal would fetch once everything that was done is in it. */
export async function publishedList(
  world: TestApp,
  terminal: TestTerminal,
): Promise<AccessList & { readonly version: number }> {
  await world.app.settled();
  const { body } = await world.call('GET', `/v1/terminals/${terminal.id}/documents/access`, { token: terminal.token });
  const envelope = documentEnvelope.parse(body);
  return { ...accessList.parse(envelope.body), version: envelope.version };
}

/** The terminal says that the list is in force. */
export async function applyList(world: TestApp, terminal: TestTerminal): Promise<void> {
  const { version } = await publishedList(world, terminal);
  await world.call('PUT', `/v1/terminals/${terminal.id}/reported`, {
    token: terminal.token,
    body: { kind: 'access', version, state: 'applied' },
  });
}

/** The tag that the terminal computes for what was typed or shown. */
export function tagAt(terminal: TestTerminal, { pinKeys: [key] }: AccessList, text: string): string {
  const secret = unseal(terminal.sealing, pinKeyPurpose(key?.epoch ?? 0), key?.sealed ?? '');
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/** The key of the typed pass codes of a week, as the terminal opens it; undefined for a week that the list has no key of. */
export function codePrfAt(terminal: TestTerminal, { passes }: AccessList, epoch: number): PassPrf | undefined {
  const box = passes?.codeKeys.find((one) => one.epoch === epoch);
  if (!box) return undefined;
  const secret = unseal(terminal.sealing, codeKeyPurpose(epoch), box.sealed);
  return (message) => createHmac('sha256', secret).update(message).digest();
}
