import { DomainError } from '@gatecast/firmware-protocol';
import { fileHeaders } from '../uplink/file-download.ts';
import { httpRequest, type HttpAnswer } from '../uplink/http-request.ts';
import type { FetchMedia, MediaRequest } from './media-file.ts';

/** Who is near answers at once or not at all. */
const nearbyAnswerMsMax = 5_000;

/**
 * Asks the cloud for clips, or first a cache that stands nearer: one on the site that several screens share, or a CDN. It is asked without the terminal's
 * token, for what the name alone names. Where it does not answer, or what it gave was wrong, the cloud is asked.
 */
export function mediaSource(nearbyUrl: string | undefined, cloud: FetchMedia): FetchMedia {
  if (nearbyUrl === undefined) return cloud;
  return async (request, signal) => {
    // What came from there in the try before may have been wrong, so every other one goes past it.
    const answer = request.triesBefore % 2 === 0 ? await nearby(nearbyUrl, request, signal) : undefined;
    return answer ?? cloud(request, signal);
  };
}

/** Undefined without an answer, or with another than the file. */
async function nearby(
  url: string,
  { sha256, fromByte }: MediaRequest,
  stop: AbortSignal,
): Promise<HttpAnswer | undefined> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), nearbyAnswerMsMax);
  const signal = AbortSignal.any([stop, late.signal]);
  try {
    const headers = fileHeaders(sha256, fromByte);
    const answer = await httpRequest(`${url}/v1/media/${sha256}`, { method: 'GET', headers, signal });
    if (answer.status === 200 || answer.status === 206) return answer;
    await answer.body?.cancel();
    return undefined;
  } catch (cause) {
    if (stop.aborted) throw new DomainError('unreachable', 'nobody waits for it any more', {}, { cause });
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
