import type { Command } from '../messages/commands.ts';
import type {
  Capability,
  CardData,
  DeviceIdentity,
  InputState,
  KeypadData,
  ReaderState,
  Reply,
} from '../messages/replies.ts';

/** Why a command that had been accepted was not carried out, as far as the panel can know. */
export type CommandFailure = 'nak' | 'busy' | 'expired' | 'offline' | 'malformed-reply' | 'removed';

/** What became of an accepted command. `mayHaveRun`: it went out and the answer is missing, so the device may have obeyed. */
export type CommandOutcome =
  | { readonly ok: true; readonly reply: Reply }
  | {
      readonly ok: false;
      readonly reason: CommandFailure;
      readonly mayHaveRun: boolean;
      /** NAK error code, with reason `nak`. */
      readonly nakError: number | undefined;
    };

/** Why a command was not accepted at all. */
export type SubmissionRefusal = 'unknown-device' | 'offline' | 'queue-full';

export type Submission =
  | { readonly accepted: true; readonly commandId: number }
  | { readonly accepted: false; readonly reason: SubmissionRefusal };

/** What a device on the bus did. Keys and cards come exactly once, however often the line made the panel ask again. */
export type DeviceEvent =
  | {
      readonly type: 'online';
      /** Absent when the device refuses to tell. */
      readonly identity: DeviceIdentity | undefined;
      readonly capabilities: readonly Capability[];
    }
  /** No valid answer for 8 s (spec 5.7). What was queued has failed with reason `offline`. */
  | { readonly type: 'offline' }
  /** The device lost its place (power cut, reset): its LEDs and outputs are as after power-up. */
  | { readonly type: 'restarted' }
  | ({ readonly type: 'keypad' } & KeypadData)
  | ({ readonly type: 'raw' } & CardData)
  /** All inputs, in the order of the terminal strip. */
  | { readonly type: 'input'; readonly inputs: readonly InputState[] }
  /** All outputs; true is on. */
  | { readonly type: 'output'; readonly outputs: readonly boolean[] }
  | { readonly type: 'tamper'; readonly tampered: boolean; readonly powerFailed: boolean }
  | { readonly type: 'reader'; readonly readers: readonly ReaderState[] }
  /** The device refused `command`; it stays online. */
  | { readonly type: 'nak'; readonly command: Command; readonly nakError: number }
  /** A reply that is no OSDP message that the panel knows; `code` is its reply code. */
  | { readonly type: 'malformed'; readonly code: number }
  | {
      readonly type: 'outcome';
      readonly commandId: number;
      readonly command: Command;
      readonly outcome: CommandOutcome;
    };

export type ControlPanelEvent = DeviceEvent & { readonly address: number };

/** Counters since the device was added to the panel. */
export interface DeviceMetrics {
  commands: number;
  replies: number;
  /** Identical bytes sent again because no answer came. */
  repeats: number;
  timeouts: number;
  busy: number;
  naks: number;
  /** Answers after their window had closed. */
  late: number;
  /** Answers that fit no question: copies, or of an old sequence number. */
  unexpected: number;
  malformed: number;
  restarts: number;
  offlines: number;
  keypadEvents: number;
  cardEvents: number;
  refusedCommands: number;
  roundTripMsLast: number;
  roundTripMsMax: number;
}

export function newDeviceMetrics(): DeviceMetrics {
  return {
    commands: 0,
    replies: 0,
    repeats: 0,
    timeouts: 0,
    busy: 0,
    naks: 0,
    late: 0,
    unexpected: 0,
    malformed: 0,
    restarts: 0,
    offlines: 0,
    keypadEvents: 0,
    cardEvents: 0,
    refusedCommands: 0,
    roundTripMsLast: 0,
    roundTripMsMax: 0,
  };
}
