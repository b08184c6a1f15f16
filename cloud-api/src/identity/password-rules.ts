/**
 * What a stranger tries first, of those long enough to be allowed: the words and numbers that lead every published list of stolen passwords,
 * in English and as they are typed in China (`woaini` is "I love you", 1314 and 520 read like "for ever" and "I love you").
 */
const common: ReadonlySet<string> = new Set(
  `0123456789 0987654321 1029384756 1122334455 11223344556 1212121212 123123123123 123321123321 1234512345 12345123456
  1234554321 123456123456 1234561234 12345678900 12345678910 1234567890a 1234567890q 123456789a 123456789q 123456789z
  123456789abc 123456789qq 123456abcdef 123456qwerty 12345qwert 12345qwerty 1234qwerasdf 1234qwer1234 123654789a 12qwaszx12
  1314520520 13145201314 1314521521 147258369a 147258369o 1472583690 159357258456 1a2b3c4d5e 1q2w3e4r5t 1q2w3e4r5t6y
  1qaz2wsx3e 1qaz2wsx3edc 1qazxsw23edc 3.1415926535 3.14159265 31415926535 3141592653 5201314520 5201314521 520520520520 52013141314
  789456123a 7894561230 9876543210 987654321a a123456789 a1234567890 a1b2c3d4e5 a1s2d3f4g5 aa12345678 aa123456789 aa1234567890
  abc1234567 abc12345678 abc123456789 abc123abc123 abcd123456 abcd1234567 abcd12345678 abcdef1234 abcdef123456 admin12345
  admin123456 admin1234567 adminadmin administrator asd123456789 asdasdasdasd asdf123456 asdfasdf123 asdfghjkl1 asdfghjkl123 asdfghjkl;
  asdfghjkl;' asdfjkl123 baseball123 basketball batman1234 beautiful1 blink182blink bismillah1 changeme12 changeme123 changeme1234 charlie123
  cinderella computer123 default123 dragon1234 dragon12345 dragon123456 elizabeth1 facebook123 football10 football12 football123
  forever123 freedom123 gatecast12 gatecast123 gatecast1234 gatecast2026 hello12345 hello123456 helloworld helloworld1 iloveyou12 iloveyou123
  iloveyou1234 iloveyou520 iloveyou1314 iloveyou2000 internet123 jessica123 jordan2323 kobebryant letmein123 letmein1234
  letmeinnow liverpool1 liverpool123 lovelovelove manchester manunited1 master1234 master12345 michael123 michelle123 minecraft1
  minecraft123 monkey1234 monkey12345 mustang123 mynameis123 nicole1234 ninja12345 p@ssw0rd12 p@ssw0rd123 p@ssw0rd1234 p@ssword123 pa55word123
  pass123456 pass1234567 passpass123 passw0rd12 passw0rd123 passw0rd1234 password00 password01 password10 password11 password12 password123
  password1234 password12345 password123456 password1! password123! password2024 password2025 password2026 passwordpassword
  pokemon123 princess12 princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx12345 qazwsx123456 qazwsxedc1 qazwsxedc123 qazwsxedcrfv qq123456789
  qq12345678 qq1234567890 qwe123456789 qweasdzxc1 qweasdzxc123 qweqweqwe1 qwer123456 qwer12345678 qwertasdfg qwerty1234 qwerty12345 qwerty123456
  qwerty1234567 qwerty7890 qwerty789456 qwertyqwerty qwertyuiop qwertyuiop1 qwertyuiop12 qwertyuiop123 qwertyuiop[] root123456 samsung123
  secret1234 shadow1234 starwars12 starwars123 sunshine12 sunshine123 superman12 superman123 taylorswift test123456 test1234567
  testtest12 testtest123 trustno1trustno1 unknown123 user123456 welcome123 welcome1234 welcome12345 welcome2024 welcome2025 welcome2026
  whatever12 whatever123 woaini1314 woaini1314520 woaini520 woaini5201314 woaini123456 woaini12345 woaiwojia1 woaiwojia1314 woaizhongguo
  wodemima123 w123456789 x123456789 xiaoming123 z123456789 zaq12wsxcde zaq12wsxcde3 zhang123456 zhangwei123 zxc123456789 zxcvbnm123
  zxcvbnm1234 zxcvbnm,./ zxcvbnmasdfghjkl wang123456 liwei123456 chen123456 nihao12345 nihao123456 china12345 beijing2008 shanghai123 guanliyuan
  guanliyuan123 wuye123456 wuyeguanli shequ123456`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Fewer different characters than this are a pattern, not a secret. */
const differentMin = 4;
/** Keyboards and alphabets, along which a finger slides. */
const runs = ['0123456789012345', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'].flatMap((run) => [
  run,
  run.split('').toReversed().join(''),
]);

/** True for what is guessed first: a common password, a run, a handful of characters over and over, or one's own address or name. */
export function isCommonPassword(password: string, own: readonly string[] = []): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  if (common.has(text)) return true;
  if (new Set(text).size < differentMin) return true;
  if (runs.some((run) => run.includes(text))) return true;
  const bare = text.replace(/[\d\W_]+$/u, '');
  return own.some((word) => wordsOf(word).some((part) => part === text || part === bare));
}

/** An e-mail address, its two sides, or a name, as somebody who knows it would try. */
const wordsOf = (word: string): readonly string[] => {
  const text = word.toLowerCase();
  return [text, ...text.split('@'), text.replaceAll(' ', '')].filter((part) => part.length >= 4);
};
