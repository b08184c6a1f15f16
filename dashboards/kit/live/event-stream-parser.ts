/** One event of a text/event-stream body. */
export interface StreamedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** A line longer than this is no event of ours. */
const lineCharsMax = 65_536;

/**
 * Splits a text/event-stream into events as the HTML standard says (9.2.6 "Interpreting an event stream"): LF, CR or CRLF end a
 * line, a blank line ends an event, `id` stays until changed, comments and unknown fields are passed over.
 * Throws RangeError for a line beyond `lineCharsMax`.
 */
export function createEventStreamParser(onEvent: (event: StreamedEvent) => void): (text: string) => void {
  let rest = '';
  let endedWithCr = false;
  let id = '';
  let type = '';
  let data: string[] = [];

  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) onEvent({ id, type: type || 'message', data: data.join('\n') });
      type = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') type = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  };

  return (text) => {
    const fresh = endedWithCr && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') endedWithCr = text.endsWith('\r');
    const lines = (rest + fresh).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    if (rest.length > lineCharsMax) throw new RangeError('an event-stream line without end');
    for (const each of lines) line(each);
  };
}
