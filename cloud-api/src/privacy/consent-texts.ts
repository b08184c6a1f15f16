import type { ConsentPurpose } from '../platform/privacy.ts';

/** The wording that a resident agrees to. Any change of a word is a new version: who agreed before agreed to the one before. */
export interface ConsentText {
  readonly version: number;
  readonly zh: string;
  readonly en: string;
}

export const consentTexts: Readonly<Record<ConsentPurpose, ConsentText>> = {
  'personal-offers': {
    version: 1,
    zh: '门口屏幕可以参考我自己填写的兴趣，为我挑选优惠内容。不使用我的开门记录。可以随时关闭，关闭后立即生效。',
    en: 'The screen at the door may choose offers by the interests that I stated myself. My door records are not used. I can switch this off at any time, with effect at once.',
  },
  'order-messages': {
    version: 1,
    zh: '门播可以用短信告诉我拼团和自提的进展。可以随时关闭，关闭后立即生效。',
    en: 'Gatecast may text me how my group-buys and pick-ups are getting on. I can switch this off at any time, with effect at once.',
  },
  'visit-join': {
    version: 1,
    zh: '我扫码后的访问可以以随机代号与我当时经过门口这件事关联，用于统计广告效果；不同意时，访问只作匿名计数。商家看不到我的姓名、电话和房号。可以随时关闭，关闭后立即生效。',
    en: 'A visit of mine after I scan a code may be joined, under a random name, with my having been at the door, to count what an advert achieved; otherwise it is counted without anybody. Merchants do not see my name, phone or unit. I can switch this off at any time, with effect at once.',
  },
  'screen-pseudonym': {
    version: 1,
    zh: '我用自己的密码、门卡或手机开门时，本小区的屏幕可以用一个随机代号认出「又是同一个人」，用来少放我看过的广告。代号不含姓名、电话和房号，只放在门禁名单和屏幕里，不进播放记录，商家看不到；看过什么只记在屏幕里，最多记 30 天。可以随时关闭，关闭后代号作废，屏幕上的记录在收到通知后立即删除。',
    en: 'When I open a door with my own PIN, card or phone, the screens of my community may tell by a random name that it is the same person again, to show me an advert I have seen less often. The name holds no name, phone or unit, stands in the list of who may enter and on the screens, in no record of plays, and is not seen by merchants; what I have seen is counted on the screens alone, for 30 days at most. I can switch this off at any time: the name is void at once, and each screen erases what it counted when it hears of it.',
  },
};

export const consentPurposes = Object.keys(consentTexts) as readonly ConsentPurpose[];
