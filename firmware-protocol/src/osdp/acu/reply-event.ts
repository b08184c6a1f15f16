import type { DeviceEvent } from './panel-events.ts';
import type { Reply } from '../messages/replies.ts';

/** What a reply tells about the door, whichever command it answers; undefined for a mere acknowledgement. */
export function replyEvent(reply: Reply): DeviceEvent | undefined {
  switch (reply.kind) {
    case 'keypad':
      return { type: 'keypad', reader: reply.reader, keys: reply.keys };
    case 'raw':
      return {
        type: 'raw',
        reader: reply.reader,
        format: reply.format,
        bitCount: reply.bitCount,
        bits: reply.bits,
      };
    case 'istatr':
      return { type: 'input', inputs: reply.inputs };
    case 'ostatr':
      return { type: 'output', outputs: reply.outputs };
    case 'lstatr':
      return { type: 'tamper', tampered: reply.tampered, powerFailed: reply.powerFailed };
    case 'rstatr':
      return { type: 'reader', readers: reply.readers };
    default:
      return undefined;
  }
}
