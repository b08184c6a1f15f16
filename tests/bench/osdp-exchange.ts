import {
  SCBK_D,
  SecureSession,
  StreamParser,
  decodeCommand,
  decodeReply,
  deriveSessionKeys,
  encodeCommand,
  encodeFrame,
  encodeReply,
  initialRmac,
  nextSequence,
  serverCryptogram,
} from '@gatecast/firmware-protocol';
import type { Command, OsdpFrame, Payload, Reply, Sequence, StreamItem } from '@gatecast/firmware-protocol';
import { aes128 } from '@gatecast/firmware-protocol/node';
import type { Side } from './in-turns.ts';

export const poll: Command = { kind: 'poll' };
export const led: Command = {
  kind: 'led',
  leds: [
    {
      reader: 0,
      led: 0,
      temporary: { onMs: 200, offMs: 200, onColour: 'green', offColour: 'off', durationMs: 3_000 },
      permanent: { onMs: 100, offMs: 0, onColour: 'red', offColour: 'off' },
    },
  ],
};
const ack: Reply = { kind: 'ack' };

/** Both ends of a channel, without their state machines: what makes a frame of a message, and what makes a message of a frame. */
interface Channel {
  command(sequence: Sequence, payload: Payload): Uint8Array;
  reply(sequence: Sequence, payload: Payload): Uint8Array;
  commandData(frame: OsdpFrame): Uint8Array | string;
  replyData(frame: OsdpFrame): Uint8Array | string;
}

export function plainChannel(): Channel {
  const content = { address: 0, check: 'crc', security: undefined, mac: undefined } as const;
  return {
    command: (sequence, { code, data }) => encodeFrame({ ...content, direction: 'command', sequence, code, data }),
    reply: (sequence, { code, data }) => encodeFrame({ ...content, direction: 'reply', sequence, code, data }),
    commandData: (frame) => frame.data,
    replyData: (frame) => frame.data,
  };
}

export function secureChannel(): Channel {
  const rnd = new Uint8Array(8);
  const newSession = (): SecureSession => {
    const keys = deriveSessionKeys(aes128, SCBK_D, rnd);
    return new SecureSession({ keys, rmac: initialRmac(keys, serverCryptogram(keys, rnd, rnd)) });
  };
  const [panel, device] = [newSession(), newSession()];
  return {
    command: (sequence, { code, data }) => panel.sealCommand({ address: 0, check: 'crc', sequence, code, data }),
    reply: (sequence, { code, data }) => device.sealReply({ address: 0, check: 'crc', sequence, code, data }),
    commandData: (frame) => device.openCommand(frame),
    replyData: (frame) => panel.openReply(frame),
  };
}

/** One exchange: command built, taken from the stream and decoded by the device, the reply likewise by the panel. */
export function exchanger(channel: Channel, command: Command): Side {
  const [atDevice, atPanel] = [new StreamParser(), new StreamParser()];
  let sequence: Sequence = 0;
  return (count) => {
    for (let done = 0; done < count; done += 1) {
      sequence = nextSequence(sequence);
      const asked = frameOf(atDevice.push(channel.command(sequence, encodeCommand(command))));
      const obeyed = decodeCommand(asked.code, bytesOf(channel.commandData(asked)));
      const told = frameOf(atPanel.push(channel.reply(asked.sequence, encodeReply(ack))));
      const heard = decodeReply(told.code, bytesOf(channel.replyData(told)));
      if (typeof obeyed === 'string' || typeof heard === 'string') throw new Error('not understood');
    }
  };
}

function frameOf([item]: readonly StreamItem[]): OsdpFrame {
  if (item?.kind !== 'frame') throw new Error('no frame');
  return item.frame;
}

function bytesOf(data: Uint8Array | string): Uint8Array {
  if (typeof data === 'string') throw new Error(data);
  return data;
}
