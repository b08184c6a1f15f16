/**
 * Ends this program when the one that started it goes: its standard input is a pipe from the parent, and a pipe closes with its owner,
 * however that ended.
 */
export function endWithParent(stop: () => void): void {
  process.stdin.on('end', stop);
  process.stdin.on('error', stop);
  process.stdin.resume();
  process.stdin.unref?.();
}
