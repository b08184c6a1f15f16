/** Whether two secrets are the same, in a time that does not tell where they differ. */
export function isSameSecret(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (let at = 0; at < left.length; at += 1) {
    difference |= (left[at] ?? 0) ^ (right[at] ?? 0);
  }
  return difference === 0;
}
