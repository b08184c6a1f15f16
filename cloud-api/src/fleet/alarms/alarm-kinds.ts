import { healthIssue } from '@gatecast/firmware-protocol/messages';
import { hours, minutes, seconds, type DurationMs } from '@gatecast/firmware-protocol';

/**
 * What can be wrong with the fleet. Stable: webhooks, filters and runbooks use these words. A health issue is an alarm of the same name; the
 * others are found by the cloud itself.
 */
export const alarmKinds = [
  'broker-down',
  'terminal-cloned',
  'terminal-digits-differ',
  'journal-chain-broken',
  'rollout-halted',
  'many-offline',
  'community-offline',
  'terminal-offline',
  'ingest-backlog',
  'dispute-overdue',
  'payment-trouble',
  'line-item-behind',
  'holidays-unknown',
  ...healthIssue.options,
] as const;
export type AlarmKind = (typeof alarmKinds)[number];

/** `critical`: somebody gets up at night; `warning`: today; `notice`: this week. */
export const severities = ['critical', 'warning', 'notice'] as const;
export type Severity = (typeof severities)[number];

export const channelKinds = ['webhook', 'sms'] as const;
export type ChannelKind = (typeof channelKinds)[number];

export interface KindRule {
  readonly severity: Severity;
  /** A sign must hold for so long before it is an alarm. */
  readonly raiseAfterMs: DurationMs;
  /** It must be gone for so long before the alarm ends. */
  readonly clearAfterMs: DurationMs;
}

const slow = { raiseAfterMs: minutes(5), clearAfterMs: minutes(10) } as const;
const atOnce = { raiseAfterMs: seconds(0), clearAfterMs: minutes(2) } as const;

export const kindRules: Readonly<Record<AlarmKind, KindRule>> = {
  'broker-down': { severity: 'critical', raiseAfterMs: minutes(1), clearAfterMs: minutes(1) },
  'terminal-cloned': { severity: 'critical', ...atOnce },
  // It happens and is over; whoever looks within a day should see it.
  'terminal-digits-differ': { severity: 'critical', raiseAfterMs: seconds(0), clearAfterMs: hours(24) },
  'journal-chain-broken': { severity: 'critical', ...atOnce },
  'rollout-halted': { severity: 'warning', ...atOnce },
  'many-offline': { severity: 'critical', ...atOnce },
  'community-offline': { severity: 'critical', ...atOnce },
  // How long it is offline stands in a setting and is part of the sign itself.
  'terminal-offline': { severity: 'warning', ...atOnce },
  'ingest-backlog': { severity: 'critical', ...slow },
  // The plan is made anew each hour: what the next one mends needs nobody.
  'line-item-behind': { severity: 'warning', raiseAfterMs: minutes(90), clearAfterMs: minutes(10) },
  // Said a month ahead; nothing goes wrong until then.
  'holidays-unknown': { severity: 'notice', ...atOnce },
  // Ten days have passed by then, and money goes back by itself in five: today is soon enough.
  'dispute-overdue': { severity: 'warning', ...atOnce },
  // Somebody's money waits.
  'payment-trouble': { severity: 'warning', ...atOnce },
  'disk-read-only': { severity: 'critical', ...slow },
  'disk-full': { severity: 'critical', ...slow },
  'disk-low': { severity: 'warning', ...slow },
  'journal-losing-rows': { severity: 'critical', ...slow },
  'journal-backlog': { severity: 'warning', ...slow },
  'door-hardware-silent': { severity: 'critical', raiseAfterMs: minutes(2), clearAfterMs: minutes(5) },
  'clock-unknown': { severity: 'warning', ...slow },
  'clock-off': { severity: 'warning', ...slow },
  'screen-absent': { severity: 'notice', ...slow },
  'screen-stalled': { severity: 'warning', ...slow },
  'too-hot': { severity: 'warning', ...slow },
  'memory-high': { severity: 'notice', ...slow },
  'restarting-often': { severity: 'warning', ...slow },
  'document-refused': { severity: 'warning', ...slow },
  'update-refused': { severity: 'warning', ...slow },
};

/** Whether an alarm of `severity` is at least as grave as `least`. */
export const isAsGraveAs = (severity: Severity, least: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(least);
