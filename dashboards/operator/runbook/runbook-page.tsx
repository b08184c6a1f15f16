import { useEffect } from 'react';
import operatingEn from '../../../docs/operating.md?raw';
import operatingZh from '../../../docs/operating.zh-CN.md?raw';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { useAlarmWords } from '../alarms/alarm-words.ts';
import { blocksOf, type Block, type Span } from './markdown.ts';
import './runbook.css';

const guides = { zh: blocksOf(operatingZh), en: blocksOf(operatingEn) };

/** `docs/operating.md`, or its Chinese twin, where those on call can reach it at night; an alarm leads to the heading of its kind. */
export function RunbookPage() {
  const { language } = useWords();
  const kinds: Readonly<Record<string, string>> = useAlarmWords().kinds;
  useEffect(() => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id !== '') document.getElementById(id)?.scrollIntoView();
  }, []);
  return (
    <article className="runbook card">
      {guides[language].map((block, n) => (
        <BlockView key={n} block={block} title={block.kind === 'heading' ? kinds[block.id] : undefined} />
      ))}
    </article>
  );
}

interface BlockViewProps {
  readonly block: Block;
  /** The alarm that the heading is of, as the console calls it. */
  readonly title: string | undefined;
}

function BlockView({ block, title }: BlockViewProps) {
  switch (block.kind) {
    case 'heading': {
      const Heading = ({ 1: 'h1', 2: 'h2', 3: 'h3' } as const)[block.level];
      return (
        <Heading id={block.id}>
          {title === undefined ? (
            <Spans spans={block.spans} />
          ) : (
            <>
              {title} <code>{block.id}</code>
            </>
          )}
        </Heading>
      );
    }
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((spans, n) => (
            <li key={n}>
              <Spans spans={spans} />
            </li>
          ))}
        </List>
      );
    }
    case 'code':
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      );
    case 'paragraph':
      return (
        <p>
          <Spans spans={block.spans} />
        </p>
      );
  }
}

function Spans({ spans }: { readonly spans: readonly Span[] }) {
  return spans.map(({ kind, text }, n) =>
    kind === 'code' ? <code key={n}>{text}</code> : kind === 'bold' ? <b key={n}>{text}</b> : text,
  );
}
