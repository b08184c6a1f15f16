import { after, localTime, milliseconds, minutes, type InstantMs, type LocalTime } from '@gatecast/firmware-protocol';
import {
  lockdownMsDefault,
  type DoorHardwareConfig,
  type DoorMode,
  type DoorStanding,
  type LiftConfig,
  type ModeOverride,
  type ModeSchedule,
  type Placement,
  type ReaderConfig,
} from '@gatecast/firmware-protocol/messages';
import type { ErrorCode } from '../platform/errors.ts';
import type { DoorSetup, NewMode } from './contract.ts';

/** How the reference door is built: reader and relay on one peripheral, contact, exit button and fire line on its inputs. */
export const doorDefault: DoorSetup = {
  hardware: { kind: 'osdp', address: 0, lockOutput: 0, contactInput: 0, exitInput: 1, fireInput: 2 },
  readers: [{ address: 0, reader: 0, side: 'entry' }],
  lift: null,
  heldOpenMs: 30_000,
  bounceMs: 50,
  schedules: [],
  antiPassback: false,
};

/** Why a door cannot be built like that, for people. */
export interface DoorFault {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The first reason why no door can be built as `setup` says; undefined for one that can. */
export function doorFault(placement: Placement, setup: DoorSetup): DoorFault | undefined {
  const { hardware, readers, lift, schedules, antiPassback } = setup;
  if (isUntimed(hardware)) {
    return { code: 'relay-untimed', message: 'a relay that cannot time its pulse needs the installer’s word for it' };
  }
  const wires = wireFault(hardware) ?? readerFault(readers) ?? liftFault(placement, hardware, lift);
  if (wires) return wires;
  if (antiPassback && !readers.some(({ side }) => side === 'exit')) {
    return { code: 'passback-needs-exit-reader', message: 'without a reader on the way out nobody is seen leaving' };
  }
  if (schedules.some(({ window }) => window.fromMinute === window.toMinute)) {
    return { code: 'schedule-empty', message: 'a window that ends when it begins never holds' };
  }
  return undefined;
}

/** How an MQTT relay is told the length of its pulse. */
const pulsePlaceholder = /\{(ms|tenths|s)\}/;

/** A pulse that nothing but the agent would end, and nobody has said that this is meant. */
function isUntimed(hardware: DoorHardwareConfig): boolean {
  switch (hardware.kind) {
    case 'osdp':
      return false;
    case 'modbus':
      return !hardware.flashOn && !hardware.untimedRelay;
    case 'mqtt':
      return !pulsePlaceholder.test(hardware.openPayload) && !hardware.untimedRelay;
  }
}

function wireFault(hardware: DoorHardwareConfig): DoorFault | undefined {
  if (hardware.kind === 'mqtt') return topicFault(hardware);
  const { contactInput, exitInput, fireInput } = hardware;
  const wired = [contactInput, exitInput, fireInput].filter((input) => input !== null);
  return isDistinct(wired) ? undefined : { code: 'input-taken', message: 'two wires are on one input' };
}

function topicFault(relay: Extract<DoorHardwareConfig, { kind: 'mqtt' }>): DoorFault | undefined {
  const { commandTopic, stateTopic, releasedState, securedState, openPayload, securePayload } = relay;
  if (commandTopic === stateTopic || releasedState === securedState || openPayload === securePayload) {
    return { code: 'topic-taken', message: 'the relay’s orders and states cannot be told apart' };
  }
  return undefined;
}

const readerFault = (readers: readonly ReaderConfig[]): DoorFault | undefined =>
  isDistinct(readers.map(({ address, reader }) => `${address}.${reader}`))
    ? undefined
    : { code: 'reader-taken', message: 'two readers have one address' };

function liftFault(placement: Placement, hardware: DoorHardwareConfig, lift: LiftConfig | null): DoorFault | undefined {
  if (!lift) return undefined;
  if (placement !== 'lift') return { code: 'lift-not-here', message: 'this entrance is no lift' };
  if (hardware.kind === 'mqtt') return { code: 'lift-needs-board', message: 'a single relay has no floors' };
  const call = hardware.kind === 'osdp' ? hardware.lockOutput : hardware.lockRelay;
  const relays = [call, ...lift.floors.map(({ relay }) => relay)];
  const isClear = isDistinct(relays) && isDistinct(lift.floors.map(({ floor }) => floor));
  return isClear ? undefined : { code: 'relay-taken', message: 'two floors share a relay, or one has two' };
}

const isDistinct = (values: readonly (string | number)[]): boolean => new Set(values).size === values.length;

const freePassageMinutesMax = 24 * 60;

/** What a request sets by hand from `now` on; null gives the door back to its schedules; undefined for a time that is not allowed. */
export function overrideOf({ mode, minutes: length }: NewMode, now: InstantMs): ModeOverride | null | undefined {
  if (mode === 'normal' && length === undefined) return null;
  if (mode === 'lockdown') {
    const lasts = length === undefined ? milliseconds(lockdownMsDefault) : minutes(length);
    return { mode, from: now, to: after(now, lasts) };
  }
  if (length === undefined || length > freePassageMinutesMax) return undefined;
  return { mode, from: now, to: after(now, minutes(length)) };
}

/** What was set by hand, unless it is over. */
export const runningOverride = (override: ModeOverride | null, now: InstantMs): ModeOverride | null =>
  override && now < override.to ? override : null;

/** The mode that should hold at `now`: set by hand first, then the schedules, of which lockdown beats free passage. */
export function wantedMode(
  schedules: readonly ModeSchedule[],
  override: ModeOverride | null,
  now: InstantMs,
  zone: string,
): DoorMode {
  const running = runningOverride(override, now);
  if (running) return running.mode;
  const local = localTime(now, zone);
  const modes = schedules.filter((schedule) => isRunning(schedule, local)).map(({ mode }) => mode);
  return modes.includes('lockdown') ? 'lockdown' : (modes[0] ?? 'normal');
}

/** A window over midnight belongs to the day it begins on. */
function isRunning(
  { weekdays, window: { fromMinute, toMinute } }: ModeSchedule,
  { weekday, minute }: LocalTime,
): boolean {
  const today = weekday === 0 ? 7 : weekday;
  const yesterday = today === 1 ? 7 : today - 1;
  const hasBegun = weekdays.includes(today) && minute >= fromMinute;
  if (fromMinute < toMinute) return hasBegun && minute < toMinute;
  return hasBegun || (weekdays.includes(yesterday) && minute < toMinute);
}

/** The doors that stand otherwise than before, or are new. */
export function changedDoors(before: readonly DoorStanding[], now: readonly DoorStanding[]): DoorStanding[] {
  const known = new Map(before.map((door) => [door.entrance, JSON.stringify(door)]));
  return now.filter((door) => known.get(door.entrance) !== JSON.stringify(door));
}
