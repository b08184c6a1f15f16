/**
 * MQTT topics. Four exact topics a terminal, so that any 3.1.1 broker can enforce them as plain access lists.
 * History: v1 (2026-11) the first. 2026-11: the broker's figures, for the cloud only.
 */
const root = 'gc/v1/t';

export interface TerminalTopics {
  /** Signed commands, cloud → terminal, QoS 1. */
  readonly command: string;
  /** «Version 42 of your access list is out», cloud → terminal, QoS 0. */
  readonly hint: string;
  /** Session, clocks and applied versions, terminal → cloud, QoS 1; also the will. */
  readonly presence: string;
  /** What became of a command, terminal → cloud, QoS 1. */
  readonly commandState: string;
}

export function topicsOf(terminal: string): TerminalTopics {
  return {
    command: `${root}/${terminal}/down/command`,
    hint: `${root}/${terminal}/down/hint`,
    presence: `${root}/${terminal}/up/presence`,
    commandState: `${root}/${terminal}/up/command-state`,
  };
}

/** The two subscriptions of a cloud process. */
export const cloudSubscriptions = [`${root}/+/up/presence`, `${root}/+/up/command-state`] as const;

/** The broker's figures of itself, told every ten seconds; counts are since its start. */
export type BrokerFigure =
  | 'uptime' // seconds
  | 'clients/connected'
  | 'clients/handshakes'
  | 'subscriptions/count'
  | 'messages/received'
  | 'messages/sent'
  | 'messages/retained'
  | 'bytes/received'
  | 'refusals'
  | 'loop/late-ms';

export const brokerStatusTopic = (figure: BrokerFigure): string => `$SYS/broker/${figure}`;

/** All of them; a cloud process may listen to this one filter of `$SYS`, a terminal to none. */
export const brokerStatusFilter = '$SYS/broker/#';

/** The terminal and channel that an upward topic names, or undefined for any other topic. */
export function parseUpTopic(
  topic: string,
): { readonly terminal: string; readonly channel: 'presence' | 'command-state' } | undefined {
  const match = /^gc\/v1\/t\/(term_[0-9a-z]{20})\/up\/(presence|command-state)$/.exec(topic);
  if (!match?.[1]) return undefined;
  return { terminal: match[1], channel: match[2] === 'presence' ? 'presence' : 'command-state' };
}

/** Who is on a connection, as its token says. */
export type Principal = { readonly kind: 'terminal'; readonly terminal: string } | { readonly kind: 'cloud' };

/** The broker's access list. */
export function mayPublish(who: Principal, topic: string): boolean {
  if (who.kind === 'cloud') return /^gc\/v1\/t\/term_[0-9a-z]{20}\/down\/(command|hint)$/.test(topic);
  const own = topicsOf(who.terminal);
  return topic === own.presence || topic === own.commandState;
}

export function maySubscribe(who: Principal, filter: string): boolean {
  if (who.kind === 'cloud') {
    return filter === brokerStatusFilter || (cloudSubscriptions as readonly string[]).includes(filter);
  }
  const own = topicsOf(who.terminal);
  return filter === own.command || filter === own.hint;
}
