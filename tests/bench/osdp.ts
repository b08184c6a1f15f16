import { AES_BLOCK_BYTES, SCBK_D } from '@gatecast/firmware-protocol';
import { aes128 } from '@gatecast/firmware-protocol/node';
import type { Bench } from './bench.ts';
import type { Side } from './in-turns.ts';
import { inTurns, mapValues } from './in-turns.ts';
import { median, rounded } from './median.ts';
import { panelSide, timeToOnlineMs } from './osdp-bus.ts';
import { exchanger, led, plainChannel, poll, secureChannel } from './osdp-exchange.ts';

/** Blocks that the cipher has to encrypt for an idle exchange: C-MAC and R-MAC, at each end. */
const blocksPerPoll = 4;
/** Calls that cannot be put together for an LED exchange: data, S-MAC1 and S-MAC2, at each end. */
const callsPerLed = 6;
const blocksPerCall = 4;
const startsToOnline = 21;

/**
 * OSDP in memory, both ends counted, per second of CPU time. `plain…` and `secure…` are codec and channel alone, through the
 * functions that panel and device use; `panel…` is their whole state machines. The cipher's own limit is measured beside them:
 * `securePollOfAesLimit` 1 would be a codec that costs nothing.
 */
export const run: Bench = async (say) => {
  const { aesCallsOfFour, ...rates } = inTurns({
    plainPoll: exchanger(plainChannel(), poll),
    plainLed: exchanger(plainChannel(), led),
    securePoll: exchanger(secureChannel(), poll),
    secureLed: exchanger(secureChannel(), led),
    panelPoll: await panelSide(false),
    panelSecurePoll: await panelSide(true),
    aesCalls: aes(1),
    aesCallsOfFour: aes(blocksPerCall),
  });
  const perSecond = { ...rates, aesBlocks: aesCallsOfFour * blocksPerCall };
  mapValues(perSecond, (rate, name) => say(`${name}: ${rounded(rate / 1_000, 0)} k per CPU-second`));
  return {
    ...mapValues(perSecond, (rate) => rounded(rate, 0)),
    securePollOfAesLimit: rounded(rates.securePoll / (perSecond.aesBlocks / blocksPerPoll)),
    secureLedOfAesLimit: rounded(rates.secureLed / (rates.aesCalls / callsPerLed)),
    ...(await onlineTimes(say)),
  };
};

/** The cipher alone, `blocks` blocks in each call. */
function aes(blocks: number): Side {
  const cipher = aes128(SCBK_D);
  const bytes = new Uint8Array(blocks * AES_BLOCK_BYTES);
  return (count) => {
    for (let done = 0; done < count; done += 1) bytes[0] = cipher.encrypt(bytes)[0] ?? 0;
  };
}

async function onlineTimes(say: (line: string) => void): Promise<{ onlineMs: number; onlineSecureMs: number }> {
  const [plainMs, secureMs]: [number[], number[]] = [[], []];
  for (let start = 0; start < startsToOnline; start += 1) {
    plainMs.push(await timeToOnlineMs(false));
    secureMs.push(await timeToOnlineMs(true));
  }
  const times = { onlineMs: rounded(median(plainMs)), onlineSecureMs: rounded(median(secureMs)) };
  say(`online after ${times.onlineMs} ms in plain, ${times.onlineSecureMs} ms with a key, over a unix socket`);
  return times;
}
