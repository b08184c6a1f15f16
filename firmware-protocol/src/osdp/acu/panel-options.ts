import type { FrameCheck } from '../frame/frame.ts';
import type { Capability, DeviceIdentity } from '../messages/replies.ts';
import type { LinkPhase } from './bring-up.ts';
import type { ChannelStatus, SecureOptions } from './channel-options.ts';
import type { ControlPanelEvent, DeviceMetrics } from './panel-events.ts';

export interface PanelDevice {
  /** 0x00..0x7E. */
  readonly address: number;
  /** Default `crc`. */
  readonly check?: FrameCheck;
  /** Not used before it has a key of its own and proves it. Default: a device without a stored key is used in plain. */
  readonly requireSecure?: boolean;
}

export interface ControlPanelOptions {
  /** Of the wire, also behind a network link: reply windows and the pace of polls follow from it. */
  readonly baud: number;
  readonly devices: readonly PanelDevice[];
  /** Called from inside `receive`, `advance` and `nextTransmission`; it may call `submit`. */
  readonly onEvent: (event: ControlPanelEvent) => void;
  /** Without it everything is plain. */
  readonly secure?: SecureOptions;
  /** The key store has answered: ask `nextTransmission` now rather than at `nextDeadlineMs`. */
  readonly onWake?: () => void;
  /** By COMSET every device of the bus has moved to another speed, which is that of the line from now on. */
  readonly onLineSpeed?: (baud: number) => void;
}

export interface SubmitOptions {
  /** Before everything that waits, also of other devices. Default: true for OUT, false for the rest. */
  readonly urgent?: boolean;
  /** Monotonic; from then on the command is not sent (again) and fails with `expired`. Default: never. */
  readonly expiresAtMs?: number;
}

export interface DeviceStatus {
  readonly phase: LinkPhase;
  readonly secure: ChannelStatus;
  readonly identity: DeviceIdentity | undefined;
  readonly capabilities: readonly Capability[];
  /** Monotonic time of the last valid answer; `undefined` before the first. */
  readonly answeredMs: number | undefined;
  readonly metrics: Readonly<DeviceMetrics>;
}

/** Counters of the bus as a whole. */
export interface BusMetrics {
  bytesSent: number;
  bytesReceived: number;
  framesReceived: number;
  bytesDiscarded: number;
  /** Whole frames whose check, length or security block was wrong. */
  framesDamaged: number;
  /** From addresses that are not ours to ask, or our own echo. */
  framesForeign: number;
}
