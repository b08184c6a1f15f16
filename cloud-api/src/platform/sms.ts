import type { Config } from '../config.ts';

/** One text message: `POST {url} {"phone","text"}` with a bearer; the gateway takes the same `id` once. Rejects unless the gateway took it. */
export async function sendText(
  { sms }: Pick<Config, 'sms'>,
  text: { readonly phone: string; readonly text: string },
  id: string,
  signal: AbortSignal,
): Promise<void> {
  if (!sms) throw new Error('no SMS gateway is configured (GATECAST_SMS_URL, GATECAST_SMS_TOKEN)');
  const answer = await fetch(sms.url, {
    method: 'POST',
    signal,
    headers: { authorization: `Bearer ${sms.token}`, 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify(text),
  });
  if (!answer.ok) throw new Error(`the SMS gateway answered ${answer.status}`);
}
