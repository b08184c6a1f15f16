/** What a crash of this program may lose of an upload, and what one request holds in memory. */
export const pieceBytes = 2 * 1024 * 1024;

/**
 * Gathers what comes over a line into pieces worth writing. Where the line breaks, the last piece is what had come by then: an upload goes on where it
 * was cut, and `onCut` hears why.
 */
export async function* pieces(
  body: AsyncIterable<Uint8Array>,
  onCut: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  const lines = body[Symbol.asyncIterator]();
  for (;;) {
    const next = await lines.next().catch((error: unknown) => {
      onCut(error);
      return { done: true as const, value: undefined };
    });
    if (next.done) break;
    let chunk = next.value;
    while (bytes + chunk.length >= pieceBytes) {
      const fits = pieceBytes - bytes;
      yield Buffer.concat([...gathered, chunk.subarray(0, fits)]);
      chunk = chunk.subarray(fits);
      [gathered, bytes] = [[], 0];
    }
    if (chunk.length > 0) gathered.push(chunk);
    bytes += chunk.length;
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}
