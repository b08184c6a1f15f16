import type { ConsentPurpose } from '../platform/privacy.ts';

/** The wording that a resident agrees to. Any change of a word is a new version: who agreed before agreed to the one before. */
export interface ConsentText {
  readonly version: number;
  readonly zh: string;
  readonly en: string;
}

export const consentTexts: Readonly<Record<ConsentPurpose, ConsentText>> = {
  'personal-offers': {
    version: 2,
    zh: '门口屏幕可以参考我自己填写的兴趣，为我挑选优惠内容。我填写的类别与别人的合在一起算出占比，至少十个人才用。如果我另外同意了屏幕用随机代号认出我，这个类别就和代号一起放在门禁名单和屏幕里：认出我时，只给这一类人看的广告按我填写的算一次或不算，不再按占比估计；本小区同样的人不到 10 个时不这样算。它不进播放记录，商家只看到次数，看不到是谁。不使用我的开门记录。可以随时关闭，关闭后立即生效。',
    en: 'The screen at the door may choose offers by the interests that I stated myself. The group that I named is added up with what others named, and used from ten people on. If I also agreed that screens may know me by a random name, my group stands beside that name in the list of who may enter and on the screens: when I am known there, an advert for one group counts me as I said, whole or not at all, and no longer by an estimate; while fewer than 10 of my community said the same, it does not. It stands in no record of plays; a store sees how often, never who. My door records are not used. I can switch this off at any time, with effect at once.',
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
    version: 2,
    zh: '我用自己的密码、门卡或手机开门时，本小区的屏幕可以用一个随机代号认出「又是同一个人」，用来少放我看过的广告，也用来给同意的居民各放一次专门的广告、放够约定的人数就停；其中抽签抽到的一部分人不放，用来看广告有没有用。医疗、保健、金融和儿童类广告从不这样放。商家只知道放给了几个人，不知道是谁；同意的人不到 10 个时不告诉任何人数。代号不含姓名、电话和房号，只放在门禁名单和屏幕里，不进播放记录，商家看不到；看过什么只记在屏幕里：少放的最多记 30 天，放过一次的记到那次投放结束。可以随时关闭，关闭后代号作废，屏幕上的记录在收到通知后立即删除。',
    en: 'When I open a door with my own PIN, card or phone, the screens of my community may tell by a random name that it is the same person again, to show me an advert I have seen less often, and to show adverts meant for those who agreed to this, once to each of them, until as many as were agreed have seen them; some, drawn by lot, are left out, to see whether the advert changes anything. Never adverts for medicine, health, money or children. A store hears how many saw it, never who; while fewer than 10 have agreed it hears no number. The name holds no name, phone or unit, stands in the list of who may enter and on the screens, in no record of plays, and is not seen by merchants; what I have seen is noted on the screens alone: for 30 days at most, and what is shown once until that campaign ends. I can switch this off at any time: the name is void at once, and each screen erases what it counted when it hears of it.',
  },
  'pickup-notice': {
    version: 1,
    zh: '有团购等我自提时，我用自己的密码、门卡或手机开门后的那几秒，门口屏幕可以显示一行「您的团购已到，可到店自提」。这一行没有姓名、房号、商品和店名，但站在旁边的人也看得到。为此门禁名单和屏幕里放一个只作此用的随机代号，与广告无关，不进播放记录，商家看不到。每块屏幕每天最多显示 3 次，取货后或 7 天后不再显示。可以随时关闭，关闭后代号作废，屏幕收到通知后不再显示。',
    en: 'While something I bought in a group waits for me, the screen at the door may show one line for the few seconds after I open it with my own PIN, card or phone: “Your group-buy is ready to collect”. It says no name, unit, goods or store, but whoever stands beside me can read it too. For this a random name, used for nothing else, stands in the list of who may enter and on the screens; it has no part in adverts, stands in no record of plays, and is not seen by merchants. Each screen shows the line three times a day at most, and no longer once I have collected, or after 7 days. I can switch this off at any time: the name is void at once, and each screen stops when it hears of it.',
  },
};

/**
 * Wordings before which nobody agreed to all that a purpose is now: who agreed to an older one is asked again and counts as not agreeing until then.
 * `screen-pseudonym` 1 was about seeing an advert less often, and not about being shown one.
 */
const countsFrom: Readonly<Partial<Record<ConsentPurpose, number>>> = { 'screen-pseudonym': 2 };

/** From this wording on whoever named a group agreed that it stands beside their name at the screens. */
export const groupOnScreensFrom = 2;

export const stillCounts = (purpose: ConsentPurpose, textVersion: number): boolean =>
  textVersion >= (countsFrom[purpose] ?? 1);

export const consentPurposes = Object.keys(consentTexts) as readonly ConsentPurpose[];
