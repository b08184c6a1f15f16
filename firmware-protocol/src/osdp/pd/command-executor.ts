import { CONFIGURATION_ADDRESS, FRAME_BYTES_MAX } from '../frame/frame.ts';
import { NAK } from '../messages/codes.ts';
import type { Command } from '../messages/commands.ts';
import { decodeCommand } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import type { DeviceBody } from './device-body.ts';
import type { DeviceDescription } from './device-description.ts';
import { capabilitiesOf } from './device-description.ts';
import { PAYLOAD_FAULT_NAK, nak } from './nak.ts';
import type { SecureSide } from './secure-side.ts';

/** Address 0..126, and the speed of the line in baud. */
export interface BusSettings {
  readonly address: number;
  readonly baud: number;
}

/** What a device is made with to answer commands that are not about its body. */
export interface CommandHandlers {
  /**
   * COMSET asks for other settings. Answers what the device will really use, stored by then; it is told at the old settings, and
   * the device follows. Without it the settings are made where the device is mounted and COMSET is refused.
   */
  readonly onComset?: (wanted: BusSettings) => BusSettings;
  /** Answers MFG; without it NAK 03. */
  readonly onMfg?: (command: Extract<Command, { kind: 'mfg' }>) => Reply;
  /** Answers FILETRANSFER; without it NAK 03. */
  readonly onFileTransfer?: (command: Extract<Command, { kind: 'filetransfer' }>) => Reply;
}

export interface CommandExecutorOptions extends DeviceDescription, CommandHandlers {
  readonly address: number;
}

const ACK: Reply = { kind: 'ack' };

/** Carries out what a panel says, once it is certain that the panel may say it, and knows what panels have set by it. */
export class CommandExecutor {
  readonly #options: CommandExecutorOptions;
  readonly #body: DeviceBody;
  readonly #secure: SecureSide | undefined;
  #address: number;
  #panelReceiveBytes = FRAME_BYTES_MAX;
  #nakAnswer: number | undefined;

  constructor(options: CommandExecutorOptions, body: DeviceBody, secure: SecureSide | undefined) {
    this.#options = options;
    this.#body = body;
    this.#secure = secure;
    this.#address = options.address;
  }

  /** COMSET may have changed it. */
  get address(): number {
    return this.#address;
  }

  /** Longest frame that the panel takes (ACURXSIZE). */
  get panelReceiveBytes(): number {
    return this.#panelReceiveBytes;
  }

  /** The next command that is not a poll is refused with this error code. */
  refuseNext(nakError: number): void {
    this.#nakAnswer = nakError;
  }

  /** Power was cut. */
  reset(): void {
    this.#panelReceiveBytes = FRAME_BYTES_MAX;
    this.#nakAnswer = undefined;
  }

  /** `isSealed`: it came through the secure channel. */
  execute(code: number, data: Uint8Array, isSealed: boolean, nowMs: number): Reply {
    const command = decodeCommand(code, data);
    if (typeof command === 'string') {
      return nak(PAYLOAD_FAULT_NAK[command]);
    }
    const refusal = command.kind === 'poll' ? undefined : this.#nakAnswer;
    if (refusal !== undefined) {
      this.#nakAnswer = undefined;
      return nak(refusal);
    }
    return this.#obey(command, isSealed, nowMs);
  }

  #obey(command: Command, isSealed: boolean, nowMs: number): Reply {
    switch (command.kind) {
      case 'id':
        return { kind: 'pdid', identity: this.#options.identity };
      case 'cap':
        return { kind: 'pdcap', capabilities: capabilitiesOf(this.#options, this.#secure?.report) };
      case 'comset':
        return this.#moveTo(command);
      case 'keyset':
        return this.#setKey(command, isSealed);
      case 'acurxsize':
        this.#panelReceiveBytes = Math.min(command.bytes, FRAME_BYTES_MAX);
        return ACK;
      case 'abort':
      case 'keepactive':
        // Nothing runs that could be ended, and the reader never sleeps.
        return ACK;
      case 'mfg':
        return this.#options.onMfg?.(command) ?? nak(NAK.unknownCommand);
      case 'filetransfer':
        return this.#options.onFileTransfer?.(command) ?? nak(NAK.unknownCommand);
      case 'chlng':
      case 'scrypt':
        // The handshake has its own security blocks; here it came without.
        return nak(this.#secure === undefined ? NAK.unknownCommand : NAK.securityBlock);
      default:
        return this.#body.obey(command, nowMs) ?? nak(NAK.unknownCommand);
    }
  }

  /** Spec 6.13: the reply tells what will hold, at the settings that still hold. */
  #moveTo(wanted: BusSettings): Reply {
    if (this.#options.onComset === undefined || wanted.address >= CONFIGURATION_ADDRESS || wanted.baud === 0) {
      return nak(NAK.cannotProcess);
    }
    const { address, baud } = this.#options.onComset({ address: wanted.address, baud: wanted.baud });
    this.#address = address;
    return { kind: 'com', address, baud };
  }

  #setKey({ keyType, key }: Extract<Command, { kind: 'keyset' }>, isSealed: boolean): Reply {
    if (this.#secure === undefined) {
      return nak(NAK.unknownCommand);
    }
    return isSealed ? this.#secure.setKey(keyType, key) : nak(NAK.conditionsNotMet);
  }
}
