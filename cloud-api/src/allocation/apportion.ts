/**
 * Divides each row's whole number among the columns in proportion to their sizes, so that each row adds up to what it was and each column to its size
 * (controlled rounding). `rows` and `columns` must add up to the same. Returns `share[row × columns + column]`, off the exact proportion by about one.
 */
export function apportion(rows: readonly number[], columns: readonly number[]): Float64Array {
  const shares = new Float64Array(rows.length * columns.length);
  const given = new Float64Array(rows.length);
  const rest = new Float64Array(rows.length);
  const whole = columns.reduce((sum, size) => sum + size, 0);
  let upTo = 0;
  columns.forEach((size, column) => {
    upTo += size;
    let left = size;
    for (let row = 0; row < rows.length; row += 1) {
      const due = whole > 0 ? ((rows[row] ?? 0) / whole) * upTo - (given[row] ?? 0) : 0;
      const now = Math.max(0, Math.min(Math.floor(due), (rows[row] ?? 0) - (given[row] ?? 0)));
      shares[row * columns.length + column] = now;
      rest[row] = due - now;
      left -= now;
    }
    if (left !== 0) settle(left, column);
    for (let row = 0; row < rows.length; row += 1)
      given[row] = (given[row] ?? 0) + (shares[row * columns.length + column] ?? 0);
  });
  return shares;

  /** Hands out what is left of a column one by one, to those first for whom it is most overdue; or takes back what was too much. */
  function settle(left: number, column: number): void {
    const step = Math.sign(left);
    const order = rows.map((_, row) => row).sort((a, b) => step * ((rest[b] ?? 0) - (rest[a] ?? 0)) || a - b);
    let missing = Math.abs(left);
    for (let n = 0; missing > 0; n = (n + 1) % order.length) {
      const row = order[n] ?? 0;
      const at = row * columns.length + column;
      const now = shares[at] ?? 0;
      const canMove = step > 0 ? (given[row] ?? 0) + now < (rows[row] ?? 0) : now > 0;
      if (!canMove) continue;
      shares[at] = now + step;
      missing -= 1;
    }
  }
}
