import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { DomainError } from '@gatecast/firmware-protocol';
import { timeContext, timePreimage, timeResponse, type ClaimResponse } from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { askCloud, jsonOf } from '../uplink/cloud-http.ts';
import { toleranceMs } from '../uplink/clock.ts';
import type { Finding } from './finding.ts';

const connectMsMax = 5_000;

const cloud = (state: Finding['state'], code: Finding['code'], about: string): Finding => ({
  check: 'cloud',
  state,
  code,
  about,
});
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error
    ? String(error.code)
    : error instanceof Error
      ? error.message
      : String(error);

/** Name, connection, certificate, and then the time, which only the right cloud can sign. The first that fails ends it. */
export async function checkCloud(url: string, timeKey: ClaimResponse['timeKey'] | undefined): Promise<Finding[]> {
  const { hostname, port, protocol } = new URL(url);
  const isTls = protocol === 'https:';
  const at = `${hostname}:${port || (isTls ? 443 : 80)}`;
  try {
    await lookup(hostname.replace(/^\[|\]$/g, ''));
  } catch (error) {
    return [cloud('bad', 'cloud-name-unknown', `${hostname} (${codeOf(error)})`)];
  }
  try {
    await reach(at, false);
  } catch (error) {
    return [cloud('bad', 'cloud-unreachable', `${at} (${codeOf(error)})`)];
  }
  if (isTls) {
    try {
      await reach(at, true);
    } catch (error) {
      return [cloud('bad', 'cloud-not-trusted', `${at} (${codeOf(error)})`)];
    }
  }
  return askTime(url, timeKey);
}

async function askTime(url: string, timeKey: ClaimResponse['timeKey'] | undefined): Promise<Finding[]> {
  const nonce = randomBytes(16).toString('base64url');
  const began = performance.now();
  try {
    const answer = await jsonOf(await askCloud(url, { method: 'GET', path: `/v1/time?nonce=${nonce}` }), timeResponse);
    const tookMs = performance.now() - began;
    const isGenuine =
      !timeKey ||
      verifyText(
        publicKeyOf('ed25519', timeKey.publicKey),
        timeContext,
        timePreimage(answer.now, nonce),
        answer.signature.value,
      );
    if (!isGenuine) return [cloud('bad', 'cloud-answers-wrong', `${url} (time-unsigned)`)];
    const offsetMs = Math.round(Date.now() - (answer.now + tookMs / 2));
    return [cloud('good', 'cloud-answers', url), clockFinding(offsetMs)];
  } catch (error) {
    const reason = error instanceof DomainError ? error.code : codeOf(error);
    return [
      cloud('bad', 'cloud-answers-wrong', `${url} (${reason})`),
      { check: 'time', state: 'warn', code: 'time-unknown' },
    ];
  }
}

const clockFinding = (offsetMs: number): Finding =>
  Math.abs(offsetMs) <= toleranceMs
    ? { check: 'time', state: 'good', code: 'time-right', about: String(offsetMs) }
    : { check: 'time', state: 'warn', code: 'time-off', about: String(offsetMs) };

/** `caFile`: of a broker whose certificate only this site's own authority has signed. */
export async function checkBroker(brokerUrl: string, caFile: string | undefined): Promise<Finding> {
  const { hostname, port, protocol } = new URL(brokerUrl);
  const isTls = protocol === 'mqtts:' || protocol === 'wss:';
  const about = `${hostname}:${port || (isTls ? 8_883 : 1_883)}`;
  try {
    await reach(about, isTls, caFile === undefined ? undefined : await readFile(caFile, 'utf8'));
    return { check: 'broker', state: 'good', code: 'broker-reachable', about };
  } catch (error) {
    return { check: 'broker', state: 'warn', code: 'broker-unreachable', about: `${about} (${codeOf(error)})` };
  }
}

/** Resolves when a connection stands, with a certificate that is good for that name if it is TLS. */
function reach(at: string, isTls: boolean, ca?: string): Promise<void> {
  const { hostname, port } = new URL(`tcp://${at}`);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket: Socket = isTls
      ? connectTls({ host, port: Number(port), servername: host, ...(ca !== undefined && { ca }) })
      : connectTcp({ host, port: Number(port) });
    socket.setTimeout(connectMsMax, () => socket.destroy(new DomainError('timeout', 'no answer in time')));
    socket.once('error', reject);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
