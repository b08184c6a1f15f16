import { ApiError } from '@gatecast/cloud-api/client';

/**
 * Why the cloud would refuse this file, as far as its index says, read here in a few small pieces before 200 MB travel for nothing. Null: nothing
 * speaks against sending it. The reader loads with the first file that is chosen.
 */
export async function refusalOfFile(file: File): Promise<ApiError | null> {
  const read = async (offset: number, length: number) =>
    new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
  try {
    const { checkVideo } = await import('@gatecast/cloud-api/video-check');
    const code = await checkVideo({ size: file.size, read });
    return code === null ? null : new ApiError({ type: 'about:blank', title: code, status: 422, code });
  } catch (unreadable) {
    // A file that lies in a phone's cloud is not always to be had at once; sending it will tell.
    if (unreadable instanceof DOMException) return null;
    // No network to load the reader over: browsers throw a TypeError.
    if (unreadable instanceof TypeError && !navigator.onLine) return null;
    throw unreadable;
  }
}
