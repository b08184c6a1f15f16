/** One event of a text/event-stream body. */
export interface StreamedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

export interface EventStreamParser {
  /** Takes in what has come. Throws RangeError for a line beyond `lineCharsMax`. */
  take(text: string): void;
  /** From where to go on after a break: told by events, or by a block that has nothing but an id. */
  lastId(): string;
}

/** A line longer than this is no event of ours. */
const lineCharsMax = 65_536;

/**
 * Splits a text/event-stream into events as the HTML standard says (9.2.6 "Interpreting an event stream"): LF, CR or CRLF end a
 * line, a blank line ends an event, `id` stays until changed, comments and unknown fields are passed over.
 */
export function createEventStreamParser(onEvent: (event: StreamedEvent) => void): EventStreamParser {
  let rest = '';
  let endedWithCr = false;
  let id = '';
  let lastId = '';
  let type = '';
  let data: string[] = [];

  const line = (text: string): void => {
    if (text === '') {
      lastId = id;
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

  const take = (text: string): void => {
    const fresh = endedWithCr && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') endedWithCr = text.endsWith('\r');
    const lines = (rest + fresh).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    if (rest.length > lineCharsMax) throw new RangeError('an event-stream line without end');
    for (const each of lines) line(each);
  };
  return { take, lastId: () => lastId };
}
