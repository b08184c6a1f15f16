import { open } from 'node:fs/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { BlobStore } from '../platform/blob-store.ts';
import { refusal } from '../platform/errors.ts';
import { sendFile } from '../platform/send-file.ts';
import type { ScanType } from './permit-contract.ts';
import { scanHeadBytes, scanTypeOf } from './scan.ts';

export interface KeptScan {
  readonly fileSha256: string;
  readonly fileType: ScanType;
}

/**
 * Takes in the scan of a paper, by the id of what it proves, which nobody else has. The scan is never opened here: its first bytes say what it is, and a
 * browser shows it in a box of its own. Rejects with `scan-too-large` or `scan-unreadable`; then nothing is left behind.
 */
export async function receiveScan(
  blobs: BlobStore,
  id: string,
  scan: WebStream<Uint8Array>,
  bytesMax: number,
): Promise<KeptScan> {
  const name = `${id}.scan`;
  try {
    const { sha256 } = await blobs.receive(name, scan, bytesMax, (bytesMax) =>
      refusal('scan-too-large', 'the scan is too large', { bytesMax }),
    );
    const fileType = scanTypeOf(await headOf(blobs.desk(name)));
    if (!fileType) throw refusal('scan-unreadable', 'the scan is neither JPEG, PNG nor PDF');
    await blobs.keepCopy(blobs.desk(name));
    return { fileSha256: sha256, fileType };
  } finally {
    await blobs.discard(name);
  }
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(scanHeadBytes), 0, scanHeadBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A stranger's file is shown at our own address: nothing in it may run or load. */
export async function sendScan(blobs: BlobStore, { fileSha256, fileType }: KeptScan, request: Request) {
  const file = await sendFile(blobs, fileSha256, fileType, request);
  file.headers.set('content-security-policy', "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'");
  file.headers.set('content-disposition', 'inline');
  return file;
}
