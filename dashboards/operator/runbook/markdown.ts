/** A run of text of one look. */
export interface Span {
  readonly kind: 'plain' | 'code' | 'bold';
  readonly text: string;
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly id: string; readonly spans: readonly Span[] }
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Span[])[] }
  | { readonly kind: 'code'; readonly text: string };

/** As much of Markdown as our own guide uses: headings, paragraphs, flat lists, fenced code, `code`, **bold** and, as their words alone, links. */
export function blocksOf(markdown: string): readonly Block[] {
  // Every other part stands between two fences.
  return markdown.split(/^```.*\n?/m).flatMap((part, n): readonly Block[] =>
    n % 2 === 1
      ? [{ kind: 'code', text: part.trimEnd() }]
      : part
          .split(/\n{2,}/)
          .map((text) => text.trim())
          .filter((text) => text !== '')
          .map(blockOf),
  );
}

function blockOf(text: string): Block {
  const heading = /^(#{1,3}) (.*)$/.exec(text);
  if (heading) {
    const [, marks = '#', title = ''] = heading;
    return { kind: 'heading', level: marks.length as 1 | 2 | 3, id: anchorOf(title), spans: spansOf(title) };
  }
  const item = /^(?:-|\d+\.) /;
  if (item.test(text)) {
    const items = text.split(/\n(?=(?:-|\d+\.) )/).map((one) => spansOf(joined(one.replace(item, ''))));
    return { kind: 'list', ordered: !text.startsWith('-'), items };
  }
  return { kind: 'paragraph', spans: spansOf(joined(text)) };
}

/** Lines of one paragraph as one: Chinese is written without a space between them. */
const joined = (text: string): string =>
  text
    .replace(/\s*\n\s*/g, '\n')
    .replace(/(?<=\P{ASCII})\n|\n(?=\P{ASCII})/gu, '')
    .replaceAll('\n', ' ');

/** As the hosts of repositories make them, so that one link does for both. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

function spansOf(text: string): readonly Span[] {
  // What a link leads to is no page of the console.
  return text
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .filter((part) => part !== '')
    .map((part) => {
      if (part.startsWith('`')) return { kind: 'code', text: part.slice(1, -1) };
      return part.startsWith('**') ? { kind: 'bold', text: part.slice(2, -2) } : { kind: 'plain', text: part };
    });
}
