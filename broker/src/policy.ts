import type { AedesOptions, Client } from 'aedes';
import { invariant } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import { authenticate } from './authenticate.ts';
import { publishRefusal, subscribeRefusal, willRefusal } from './authorize.ts';
import { boundedKeepaliveSeconds, type GuardedConnection } from './guards.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import type { Trust } from './trust.ts';

export interface PolicyParts {
  readonly limits: Limits;
  readonly trust: Trust;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly connectionOf: (client: Client) => GuardedConnection;
  readonly signedIn: (connection: GuardedConnection) => void;
  readonly refused: (code: RefusalCode, facts: object) => void;
}

/** The rules of authenticate.ts and authorize.ts as the hooks of aedes. */
export function policyHooks(parts: PolicyParts): AedesOptions {
  const { limits, metrics, log, connectionOf } = parts;
  return {
    connectTimeout: limits.connectDeadlineMs,
    maxInflightInbound: 1, // half-open QoS 2 exchanges; QoS 2 is refused before they can begin
    preConnect(client, packet, callback) {
      const { clientId, will } = packet;
      connectionOf(client).connect = { clientId, will: will && { topic: will.topic, qos: will.qos ?? 0 } };
      packet.keepalive = boundedKeepaliveSeconds(packet.keepalive, limits.keepaliveSeconds);
      packet.clean = true;
      callback(null, true);
    },
    authenticate(client, username, password, done) {
      answer(signIn(connectionOf(client), username, password, parts), log, done);
    },
    authorizePublish(client, packet, callback) {
      const refusal = publishRefusal(client ? connectionOf(client).session?.principal : undefined, packet);
      if (refusal) return callback(new Refusal(refusal));
      packet.retain = false;
      metrics.published(packet.payload.length);
      callback(null);
    },
    authorizeSubscribe(client, subscription, callback) {
      const connection = connectionOf(client);
      connection.subscriptionRequests += 1;
      if (connection.subscriptionRequests > limits.subscriptionRequests) {
        return callback(new Refusal('too-many-subscriptions'));
      }
      const refusal = subscribeRefusal(connection.session?.principal, subscription.topic);
      if (refusal) parts.refused(refusal, { client: client.id });
      callback(null, refusal ? null : subscription); // null is answered with 0x80
    },
    authorizeForward(client, packet) {
      if (connectionOf(client).cutIfSlow()) return null;
      metrics.forwarded();
      return packet;
    },
  };
}

type Done = Parameters<NonNullable<AedesOptions['authenticate']>>[3];

/** Tells aedes how a sign-in went; what isn't a Refusal is a fault of ours and «server unavailable» to the client. */
async function settle(signingIn: Promise<void>, log: Logger): Promise<Refusal | null> {
  try {
    await signingIn;
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    log.error({ err: error }, 'sign-in failed');
    return new Refusal('broker-fault');
  }
}

function answer(signingIn: Promise<void>, log: Logger, done: Done): void {
  void settle(signingIn, log).then((refusal) => setImmediate(done, refusal, refusal === null));
}

async function signIn(
  connection: GuardedConnection,
  username: string | undefined,
  password: Buffer | undefined,
  { trust, signedIn }: PolicyParts,
): Promise<void> {
  const { connect, socket } = connection;
  invariant(connect, 'aedes authenticates after preConnect');
  if (connect.clientId === '') throw new Refusal('empty-client-id');
  const token = password?.toString('latin1') ?? '';
  const session = await authenticate({ clientId: connect.clientId, username, token }, trust);
  const refusal = willRefusal(session.principal, connect.will);
  if (refusal) throw new Refusal(refusal);
  if (socket.destroyed) return;
  connection.accept(session);
  signedIn(connection);
}
