import type { Category } from './categories.ts';

/** Kinds of words that an advert must not, or can hardly, use. */
export type WordRule =
  | 'absolute-words'
  | 'medical-words'
  | 'cure-promises'
  | 'gain-promises'
  | 'pass-promises'
  | 'state-symbols'
  | 'tobacco-words'
  | 'drinking-urged'
  | 'pester-words';

interface Rule {
  readonly code: WordRule;
  /** Article of the Advertising Law (AL) that it comes from. */
  readonly article: string;
  readonly pattern: RegExp;
  /** Adverts that the rule is not about. */
  readonly except?: readonly Category[];
}

const medicalKinds: readonly Category[] = ['medical', 'medicine', 'medical-device'];

/**
 * The lists are of words, not of judgements: a hit is shown to the reviewer and refuses nothing by itself. AL 9 (3) names 国家级, 最高级 and 最佳 "and the
 * like"; the others are those that the market authorities' guide to absolute terms (广告绝对化用语执法指南, 2023) and practice treat alike. An order of
 * events (第一次, 最后一天, 最新消息 about oneself) is not praise, so the commonest of those are left out.
 */
const rules: readonly Rule[] = [
  {
    code: 'absolute-words',
    article: 'AL 9 (3)',
    pattern:
      /国家级|世界级|宇宙级|最(?!近|后|终|迟|多可|少需|起码|低消费)[\p{Script=Han}]|第一(?!次|天|步|时间|章|课|批|个|人民|中学|小学|医院|期|周|季)|唯一|顶级|顶尖|极品|极致|独家|首选|王牌|绝无仅有|史无前例|前无古人|万能|百分之?百|100%|全网最低|全国(?:销量)?领先|销量冠军|no\.?\s?1\b|\bnumber one\b|\bthe best\b|\bworld'?s best\b/giu,
  },
  {
    code: 'medical-words',
    article: 'AL 17',
    pattern:
      /治疗|疗效|消炎|杀菌率|降血?[压糖脂]|抗癌|防癌|抗病毒|临床|处方|秘方|祖传|减肥|排毒|壮阳|\bcures?\b|\btreats?\b/giu,
    except: medicalKinds,
  },
  {
    code: 'cure-promises',
    article: 'AL 16 (1), 18',
    pattern: /治愈|根治|痊愈|药到病除|有效率|无(?:毒)?副作用|安全无害|无效退款|永不复发|包治|no side effects/giu,
  },
  {
    code: 'gain-promises',
    article: 'AL 25, 26',
    pattern:
      /保本|稳赚|零风险|无风险|保证?收益|高回报|躺赚|包赚|年化|必涨|升值|投资回报|翻倍|guaranteed returns?|risk.free/giu,
  },
  {
    code: 'pass-promises',
    article: 'AL 24',
    pattern: /保过|包过|保录取|包就业|保分|提分|命题人|不过退费|通过率/giu,
  },
  {
    code: 'state-symbols',
    article: 'AL 9 (1), (2)',
    pattern: /国旗|国歌|国徽|军旗|军徽|人民大会堂|国家机关|国宴|特供|专供|领导人/giu,
  },
  {
    code: 'tobacco-words',
    article: 'AL 22',
    pattern: /香烟|卷烟|雪茄|电子烟|烟弹|烟草|加热不燃烧|\bvapes?\b|\bcigars?\b|\bcigarettes?\b/giu,
  },
  {
    code: 'drinking-urged',
    article: 'AL 23',
    pattern: /不醉不归|干杯|一口闷|劝酒|解乏|消除紧张|增加体力/giu,
  },
  {
    code: 'pester-words',
    article: 'AL 40',
    pattern: /(?:快)?[让叫求]爸?妈妈?(?:给你)?买|爸爸妈妈买|别人都有|ask your parents/giu,
  },
];

export interface WordFinding {
  readonly code: WordRule;
  readonly article: string;
  /** As they stand in the text, each once. */
  readonly words: readonly string[];
}

/**
 * Words of an advert that need a look. What stands between the letters to slip past (spaces, dots, zero-width characters), full-width forms and
 * the traditional forms of the named words are seen through.
 */
export function findWords(lines: readonly string[], category: Category | null): WordFinding[] {
  const texts = lines.flatMap((line) => {
    const plain = simplified(line.normalize('NFKC'));
    return [plain, plain.replaceAll(fillers, '$1')];
  });
  return rules.flatMap(({ code, article, pattern, except }) => {
    if (category !== null && except?.includes(category)) return [];
    const words = new Set(texts.flatMap((text) => text.match(pattern) ?? []));
    return words.size === 0 ? [] : [{ code, article, words: [...words].slice(0, wordsMax) }];
  });
}
const wordsMax = 10;

/** Between two Chinese characters, nothing but letters carries sense. */
const fillers = /(\p{Script=Han})[\s\p{P}\p{Cf}\p{S}]{1,3}(?=\p{Script=Han})/gu;

const traditional: Readonly<Record<string, string>> = {
  國: '国',
  級: '级',
  頂: '顶',
  獨: '独',
  極: '极',
  選: '选',
  療: '疗',
  煙: '烟',
  癒: '愈',
  證: '证',
  險: '险',
  銷: '销',
  無: '无',
};
const simplified = (text: string): string =>
  text.replaceAll(/[國級頂獨極選療煙癒證險銷無]/g, (one) => traditional[one] ?? one);
