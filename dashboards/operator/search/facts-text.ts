import type { StoryItem } from '@gatecast/cloud-api/client';
import type { Formats } from '../../kit/format.ts';
import type { SearchWords } from './search-words.ts';

type Said = Pick<Formats, 'money' | 'number'>;

/** What there is to say of a row besides what happened, in one line. */
export function factsText({ hop, facts, why }: StoryItem, m: SearchWords, say: Said): string {
  switch (hop) {
    case 'door':
      return joined([word(m.via, facts['via']), word(m.person, facts['person']), why ? null : text(facts['reason'])]);
    case 'touch':
      return facts['unbillable'] === null ? '' : m.notBilled;
    case 'play':
      return joined([
        typeof facts['shownMs'] === 'number' ? m.shown(say.number(Math.round(facts['shownMs'] / 100) / 10)) : null,
        ...Object.entries(m.counted).map(([name, said]) => (facts[name] === true ? said : null)),
        facts['isHouse'] === true ? m.house : null,
      ]);
    case 'order':
      return typeof facts['totalFen'] === 'number' ? say.money(facts['totalFen']) : '';
    case 'command':
      return joined([text(facts['kind']), text(facts['reason'])]);
    case 'health':
      return healthText(facts, m);
    case 'visit':
    case 'pickup':
    case 'alarm':
      return '';
  }
}

function healthText(facts: StoryItem['facts'], m: SearchWords): string {
  const { version, count } = facts;
  return joined([
    text(facts['agentVersion']),
    text(facts['document']),
    typeof version === 'number' ? m.version(version) : null,
    facts['state'] === 'failed' ? m.failed : null,
    text(facts['reason']),
    text(facts['stream']),
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
