import type { Command } from '../messages/commands.ts';
import type { HandshakeFault } from './handshake.ts';
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
export type CommandFailure =
  | 'nak'
  | 'busy'
  | 'expired'
  | 'offline'
  | 'malformed-reply'
  /** The device answered, but not as the other end of its secure channel. */
  | 'unproven-reply'
  /** COMSET of a secured device: its key could not be stored for the new address, so the device was not moved. */
  | 'key-store'
  | 'removed';

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
export type SubmissionRefusal =
  | 'unknown-device'
  | 'offline'
  | 'queue-full'
  /** COMSET to the address of another device on this bus. */
  | 'address-taken';

export type Submission =
  | { readonly accepted: true; readonly commandId: number }
  | { readonly accepted: false; readonly reason: SubmissionRefusal };

/**
 * Why a device that must prove its key is not used: it has none (`no-key`), could not prove it ({@link HandshakeFault}), or lost the
 * channel again and again (`unstable`).
 */
export type InsecureReason = 'no-key' | HandshakeFault | 'unstable';

/** Why a device did not get a new key. */
export type PairingFailure =
  | InsecureReason
  /** The device refused KEYSET. */
  | 'keyset-refused'
  /** The device still holds its old key. */
  | 'not-taken'
  /** The device may hold the new key, which is stored, but has not shown it. */
  | 'not-proven'
  | 'key-store'
  | 'offline';

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
  /** The device lost its place or its secure channel (power cut, reset): its LEDs and outputs may be as after power-up. */
  | { readonly type: 'restarted' }
  | ({ readonly type: 'keypad' } & KeypadData)
  | ({ readonly type: 'raw' } & CardData)
  /** All inputs, in the order of the terminal strip. */
  | { readonly type: 'input'; readonly inputs: readonly InputState[] }
  /** All outputs; true is on. */
  | { readonly type: 'output'; readonly outputs: readonly boolean[] }
  /** The housing was opened or closed. A device is taken to be closed until it says otherwise. */
  | { readonly type: 'tamper'; readonly tampered: boolean }
  /** The supply failed or came back, with the same assumption. */
  | { readonly type: 'power'; readonly powerFailed: boolean }
  /** The state of a reader has changed, with the same assumption. */
  | { readonly type: 'reader'; readonly readers: readonly ReaderState[] }
  /** A channel with the device's own key is open; `generation` counts them from 1. Comes before `online`, and again after a loss. */
  | { readonly type: 'secured'; readonly generation: number }
  /** The device is not used, because it cannot prove its key. Told once until it can; `offline` follows if it was online. */
  | { readonly type: 'insecure'; readonly reason: InsecureReason }
  /** A new key is proven and stored. */
  | { readonly type: 'pairing'; readonly state: 'paired' }
  | {
      readonly type: 'pairing';
      readonly state: 'failed';
      readonly reason: PairingFailure;
      /** What the key store rejected with, if that was it. */
      readonly error?: unknown;
    }
  /** The pairing window has ended without a new key: its time is over, or the device has proven the key that it had. */
  | { readonly type: 'pairing'; readonly state: 'closed' }
  /** COMSET was obeyed: from now on the device is `to`, at `baud`. */
  | { readonly type: 'moved'; readonly from: number; readonly to: number; readonly baud: number }
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
  /** Handshakes that proved a key. */
  handshakes: number;
  secureLosses: number;
  /** Sealed answers that were not made for their question: forged, damaged, or late copies. */
  macFaults: number;
  /** Keys given to the device and proven. */
  pairings: number;
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
    handshakes: 0,
    secureLosses: 0,
    macFaults: 0,
    pairings: 0,
    roundTripMsLast: 0,
    roundTripMsMax: 0,
  };
}
