import {
  AES_BLOCK_BYTES,
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
import type { Bench } from './bench.ts';
import { median, rounded } from './median.ts';

const rounds = 5;
/** CPU time of one side in one round. */
const sideMs = 400;
const exchangesAtOnce = 2_000;

const poll: Command = { kind: 'poll' };
const led: Command = {
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

/** Both ends of a channel: what makes a frame of a message, and what makes a message of a frame. */
interface Channel {
  command(sequence: Sequence, payload: Payload): Uint8Array;
  reply(sequence: Sequence, payload: Payload): Uint8Array;
  commandData(frame: OsdpFrame): Uint8Array | string;
  replyData(frame: OsdpFrame): Uint8Array | string;
}

function plainChannel(): Channel {
  const content = { address: 0, check: 'crc', security: undefined, mac: undefined } as const;
  return {
    command: (sequence, { code, data }) => encodeFrame({ ...content, direction: 'command', sequence, code, data }),
    reply: (sequence, { code, data }) => encodeFrame({ ...content, direction: 'reply', sequence, code, data }),
    commandData: (frame) => frame.data,
    replyData: (frame) => frame.data,
  };
}

function secureChannel(): Channel {
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
function exchanger(channel: Channel, command: Command): (count: number) => void {
  const [atDevice, atPanel] = [new StreamParser(), new StreamParser()];
  let sequence: Sequence = 0;
  return (count) => {
    for (let done = 0; done < count; done += 1) {
      sequence = nextSequence(sequence);
      const asked = frameOf(atDevice.push(channel.command(sequence, encodeCommand(command))));
      const obeyed = decodeCommand(asked.code, bytesOf(channel.commandData(asked)));
      const told = frameOf(atPanel.push(channel.reply(asked.sequence, encodeReply(ack))));
      const heard = decodeReply(told.code, bytesOf(channel.replyData(told)));
      if (typeof obeyed === 'string' || typeof heard === 'string') throw new Error(`not understood`);
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

/** The cipher alone, `blocks` blocks in each call. */
function aes(blocks: number): (count: number) => void {
  const cipher = aes128(SCBK_D);
  const bytes = new Uint8Array(blocks * AES_BLOCK_BYTES);
  return (count) => {
    for (let done = 0; done < count; done += 1) bytes[0] = cipher.encrypt(bytes)[0] ?? 0;
  };
}

/** How often a second of CPU time (user and system) runs `side`. */
function perCpuSecond(side: (count: number) => void): number {
  const before = process.cpuUsage();
  let count = 0;
  for (;;) {
    side(exchangesAtOnce);
    count += exchangesAtOnce;
    const { user, system } = process.cpuUsage(before);
    const usedMs = (user + system) / 1_000;
    if (usedMs >= sideMs) return (count * 1_000) / usedMs;
  }
}

/** Medians of {@link rounds} rounds in which the sides take turns; one more round before them warms up. */
function inTurns<Name extends string>(sides: Record<Name, (count: number) => void>): Record<Name, number> {
  const rates = mapValues(sides, (): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    mapValues(sides, (side, name) => {
      const rate = perCpuSecond(side);
      if (round > 0) rates[name].push(rate);
    });
  }
  return mapValues(rates, median);
}

function mapValues<Name extends string, Value, Result>(
  values: Record<Name, Value>,
  map: (value: Value, name: Name) => Result,
): Record<Name, Result> {
  const entries = (Object.keys(values) as Name[]).map((name) => [name, map(values[name], name)]);
  return Object.fromEntries(entries) as Record<Name, Result>;
}

/** Blocks that the cipher has to encrypt for an idle exchange: C-MAC and R-MAC, at each end. */
const blocksPerPoll = 4;
/** Calls that cannot be put together for an LED exchange: data, S-MAC1 and S-MAC2, at each end. */
const callsPerLed = 6;
const blocksPerCall = 4;

/** The cipher's own limit is measured beside the exchanges: `securePollOfAesLimit` 1 would be a codec that costs nothing. */
export const run: Bench = async (say) => {
  const sides = {
    plainPoll: exchanger(plainChannel(), poll),
    plainLed: exchanger(plainChannel(), led),
    securePoll: exchanger(secureChannel(), poll),
    secureLed: exchanger(secureChannel(), led),
    aesCalls: aes(1),
    aesCallsOfFour: aes(blocksPerCall),
  };
  const { aesCallsOfFour, ...rates } = inTurns(sides);
  const aesBlocks = aesCallsOfFour * blocksPerCall;
  for (const [name, rate] of Object.entries({ ...rates, aesBlocks })) {
    say(`${name}: ${rounded(rate / 1_000, 0)} k per CPU-second`);
  }
  return {
    ...mapValues(rates, (rate) => rounded(rate, 0)),
    aesBlocks: rounded(aesBlocks, 0),
    securePollOfAesLimit: rounded(rates.securePoll / (aesBlocks / blocksPerPoll)),
    secureLedOfAesLimit: rounded(rates.secureLed / (rates.aesCalls / callsPerLed)),
  };
};
