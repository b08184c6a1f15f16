import type { AedesOptions, Client } from 'aedes';
import { invariant } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import type { AccessPolicy, Session } from './access-policy.ts';
import { boundedKeepaliveSeconds, type GuardedConnection } from './guarded-connection.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import type { RetainedMessages } from './retained-messages.ts';
import { isFilter, isWellFormed } from './topic-filter.ts';

export interface HookParts {
  readonly limits: Limits;
  readonly policy: AccessPolicy;
  readonly retained: RetainedMessages;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly connectionOf: (client: Client) => GuardedConnection;
  /** Counts a sign-in; why it is one too many, or undefined. */
  readonly signInRefusal: (session: Session) => RefusalCode | undefined;
  readonly signedIn: (connection: GuardedConnection) => void;
  readonly refused: (code: RefusalCode, facts: object) => void;
}

type Publication = Parameters<NonNullable<AedesOptions['authorizePublish']>>[1];

/** The policy and the bounds as the hooks of aedes. */
export function aedesHooks(parts: HookParts): AedesOptions {
  const { limits, policy, metrics, log, connectionOf } = parts;
  return {
    // No queue between publishers and subscribers: nobody's socket holds a message up here, and a long queue of messages that nobody hears
    // is worked off by recursion, which ends the program (mqemitter 7.1.0; plain aedes dies of it under `npm run bench -- broker`).
    concurrency: 0,
    connectTimeout: limits.connectDeadlineMs,
    maxInflightInbound: limits.inflightInbound,
    maxTopicLevels: limits.topicLevels,
    preConnect(client, packet, callback) {
      const { clientId, clean = true, will, username, password } = packet;
      const isMalformed = (will?.qos ?? 0) > 2 || (password !== undefined && username === undefined);
      if (isMalformed) return callback(new Refusal('malformed-frame'), false); // clauses 3.1.2.6 and 3.1.2.9
      connectionOf(client).connect = { clientId, clean, willTopic: will?.topic };
      packet.keepalive = boundedKeepaliveSeconds(packet.keepalive, limits.keepaliveSeconds);
      packet.clean = clean || !policy.keepsSessions;
      callback(null, true);
    },
    authenticate(client, username, password, done) {
      answer(signIn(connectionOf(client), username, password, parts), log, done);
    },
    authorizePublish(client, packet, callback) {
      if (packet.qos > 0 && 'messageId' in packet && packet.messageId === 0) {
        return callback(new Refusal('malformed-frame')); // clause 2.3.1-1; a will has none
      }
      const refusal = publicationRefusal(client ? connectionOf(client).session : undefined, packet, parts);
      if (refusal) return callback(new Refusal(refusal));
      packet.dup = false; // tells of the line it came by, not of the one it goes out on (clause 3.3.1.1)
      metrics.published(packet.payload.length);
      callback(null);
    },
    authorizeSubscribe(client, subscription, callback) {
      const connection = connectionOf(client);
      if (!connection.maySubscribeAgain()) return callback(new Refusal('subscription-rate'));
      if (!isFilter(subscription.topic)) return callback(new Refusal('malformed-frame'));
      const refusal = subscriptionRefusal(connection, subscription.topic, limits);
      if (refusal) {
        parts.refused(refusal, { client: client.id });
        subscription.qos = refusedQos; // the store is shown what was asked for, the refused too
        return callback(null, null);
      }
      connection.subscriptions.set(subscription.topic, subscription.qos);
      callback(null, { ...subscription, qos: 2 }); // aedes passes on everything; authorizeForward knows what was granted
    },
    authorizeForward(client, packet) {
      const connection = connectionOf(client);
      if (connection.cutIfSlow()) return null;
      metrics.forwarded();
      const qos = connection.outgoingQos(packet.topic, packet.qos) as 0 | 1 | 2;
      return qos === packet.qos ? packet : { ...packet, qos };
    },
  };
}

/** The SUBACK's code for «failure» (MQTT 3.1.1, clause 3.9.3); mqtt-packet's types know only those of SUBSCRIBE. */
const refusedQos = 0x80 as unknown as 0;

function publicationRefusal(
  session: Session | undefined,
  { topic, payload, qos, retain }: Publication,
  { retained }: HookParts,
): RefusalCode | undefined {
  if (!session?.mayPublish(topic)) return 'foreign-publish';
  if (!isWellFormed(topic)) return 'malformed-frame';
  const kept = !retain || retained.put({ topic, payload: bytesOf(payload), qos }, session);
  return kept ? undefined : 'retained-limit';
}

const bytesOf = (payload: string | Buffer): Buffer => (typeof payload === 'string' ? Buffer.from(payload) : payload);

function subscriptionRefusal(connection: GuardedConnection, filter: string, limits: Limits): RefusalCode | undefined {
  const { session, subscriptions } = connection;
  if (!session?.maySubscribe(filter)) return 'foreign-subscription';
  const isOneMore = !subscriptions.has(filter) && subscriptions.size >= limits.subscriptions;
  return isOneMore ? 'too-many-subscriptions' : undefined;
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
  { policy, signInRefusal, signedIn }: HookParts,
): Promise<void> {
  const { connect, stream } = connection;
  invariant(connect, 'aedes authenticates after preConnect');
  const { clientId, clean, willTopic } = connect;
  if (clientId === '' && !clean) throw new Refusal('empty-client-id'); // clause 3.1.3.1
  if (!isWellFormed(clientId)) throw new Refusal('malformed-client-id');
  const session = await policy.signIn({ clientId, username, token: password?.toString('latin1') ?? '' });
  if (willTopic !== undefined && !session.mayPublish(willTopic)) throw new Refusal('foreign-will');
  const refusal = signInRefusal(session);
  if (refusal) throw new Refusal(refusal);
  if (stream.destroyed) return;
  connection.accept(session);
  signedIn(connection);
}
