import { DomainError } from '@gatecast/firmware-protocol';
import { admit } from './admit.ts';
import { readMp4, type ByteSource } from './mp4.ts';

/**
 * What the cloud's reader would say of a file, for pages that ask before they send it: the code of the refusal, or null. The one part of the cloud
 * besides its client that runs in a browser; it is no promise, because only the cloud decodes.
 */
export async function checkVideo(source: ByteSource): Promise<string | null> {
  try {
    admit(await readMp4(source));
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}
