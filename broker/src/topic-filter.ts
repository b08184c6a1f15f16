/** True if a filter has `+` or `#` in it (MQTT 3.1.1, clause 4.7.1). */
export const isWild = (filter: string): boolean => filter.includes('+') || filter.includes('#');

/**
 * True if `topic` is one that `filter` names (clause 4.7). A wildcard in the first level never takes a topic that starts with `$` (4.7.2), and
 * `a/#` takes `a` too (4.7.1.2).
 */
export function matches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  let at = 0;
  for (let next = 0; next < filter.length; next += 1) {
    const sign = filter[next];
    if (sign === '#') return true;
    if (sign === '+') {
      const end = topic.indexOf('/', at);
      at = end < 0 ? topic.length : end;
    } else if (at < topic.length && sign === topic[at]) at += 1;
    else return at === topic.length && filter.length === next + 2 && filter.endsWith('/#');
  }
  return at === topic.length;
}

/** True for a filter in which `#` is the last level alone and `+` a level alone (clause 4.7.1). */
export const isFilter = (filter: string): boolean =>
  isWellFormed(filter) &&
  filter
    .split('/')
    .every((level, at, { length }) => level === '+' || (level === '#' && at === length - 1) || !isWild(level));

/** U+0000, which MQTT forbids in its strings (clause 1.5.3), and what a decoder puts in the place of bytes that are no UTF-8. */
const forbidden = /[\0\uFFFD]/;

export const isWellFormed = (text: string): boolean => !forbidden.test(text);
