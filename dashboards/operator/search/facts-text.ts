import type { StoryItem } from '@gatecast/cloud-api/client';
import type { Formats } from '../../kit/format.ts';
import type { SearchWords } from './search-words.ts';

/** The words for codes of other pages, and how figures are written. */
export interface FactWords {
  readonly m: SearchWords;
  readonly commands: Readonly<Record<string, string>>;
  readonly commandReasons: Readonly<Record<string, string>>;
  readonly documents: Readonly<Record<string, string>>;
  readonly documentReasons: Readonly<Record<string, string>>;
  readonly format: Pick<Formats, 'money' | 'number'>;
}

/** What there is to say of a row besides what happened, in one line. */
export function factsText({ hop, what, facts, why }: StoryItem, words: FactWords): string {
  const { m, format } = words;
  switch (hop) {
    case 'door':
      return joined([
        word(m.via, facts['via']),
        word(m.person, facts['person']),
        // A refusal whose own row is still here says more below.
        why ? null : word(what === 'refused' ? m.rules : m.doorReasons, facts['reason']),
        what === 'refused' && !why ? m.whyForgotten : null,
      ]);
    case 'touch':
      return facts['unbillable'] === null ? '' : m.notBilled;
    case 'play':
      return joined([
        facts['clipTitle'] ? `《${text(facts['clipTitle'])}》` : null,
        typeof facts['shownMs'] === 'number' ? m.shown(format.number(Math.round(facts['shownMs'] / 100) / 10)) : null,
        ...Object.entries(m.counted).map(([name, said]) => (facts[name] === true ? said : null)),
        facts['isHouse'] === true ? m.house : null,
      ]);
    case 'order':
      return joined([
        typeof facts['totalFen'] === 'number' ? format.money(facts['totalFen']) : null,
        word(m.orderStates, facts['status']),
      ]);
    case 'command':
      return joined([word(words.commands, facts['kind']), word(words.commandReasons, facts['reason'])]);
    case 'health':
      return healthText(facts, words);
    case 'visit':
    case 'pickup':
    case 'alarm':
      return '';
  }
}

function healthText(facts: StoryItem['facts'], { m, documents, documentReasons }: FactWords): string {
  const { version, count } = facts;
  return joined([
    text(facts['agentVersion']),
    word(documents, facts['document']),
    typeof version === 'number' ? m.version(version) : null,
    word(documentReasons, facts['reason']),
    word(m.streams, facts['stream']),
    typeof count === 'number' ? m.rows(count) : null,
    facts['unclean'] === true ? m.unclean : null,
    typeof facts['online'] === 'boolean' ? (facts['online'] ? m.on : m.off) : null,
  ]);
}

type Fact = StoryItem['facts'][string] | undefined;
const text = (fact: Fact): string | null => (typeof fact === 'string' ? fact : null);
const word = (words: Readonly<Record<string, string>>, fact: Fact): string | null =>
  typeof fact === 'string' ? (words[fact] ?? fact) : null;
const joined = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(' · ');
