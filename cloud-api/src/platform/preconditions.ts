/** An entity tag as RFC 9110 section 8.8.3 writes it. */
const entityTags = /(W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

const tagsIn = (list: string): string[] => list.match(entityTags) ?? [];
const isAny = (list: string): boolean => list.trim() === '*';

/** What a request makes of its conditions, for something that is there and has this strong entity tag (RFC 9110 section 13.2.2); nothing here has a date. */
export function precondition(
  request: Pick<Request, 'headers' | 'method'>,
  etag: string,
): 'met' | 'failed' | 'not-modified' {
  const ifMatch = request.headers.get('if-match');
  if (ifMatch !== null && !isAny(ifMatch) && !tagsIn(ifMatch).includes(etag)) return 'failed';
  const ifNoneMatch = request.headers.get('if-none-match');
  if (ifNoneMatch === null) return 'met';
  // The weak comparison: a cache may hold what it calls a weak copy of the same.
  const isHeld = isAny(ifNoneMatch) || tagsIn(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag);
  if (!isHeld) return 'met';
  return request.method === 'GET' || request.method === 'HEAD' ? 'not-modified' : 'failed';
}

/** The range that counts: none for another method than GET, or for somebody who holds a part of something else (sections 13.1.5 and 14.2). */
export function rangeOf(request: Pick<Request, 'headers' | 'method'>, etag: string): string | null {
  const ifRange = request.headers.get('if-range');
  if (request.method !== 'GET' || (ifRange !== null && ifRange.trim() !== etag)) return null;
  return request.headers.get('range');
}
