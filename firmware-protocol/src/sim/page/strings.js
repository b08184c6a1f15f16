const zh = {
  title: '门口机',
  locked: '已锁',
  released: '已开锁',
  closed: '门关着',
  open: '门开着',
  opens: (count) => `开门 ${count} 次`,
  pulse: (seconds) => `上次 ${seconds} 秒`,
  enterCode: '请输入密码',
  noController: '未连接控制器',
  noControllerHint: '键盘和刷卡暂不可用；出门按钮与消防联动照常开门。',
  pageOffline: '与门口机失去联系，正在重连…',
  refused: '门口机没有收下：',
  clear: '清除',
  confirm: '确认',
  card: '刷卡',
  exit: '出门',
  fire: '火警',
  fireOff: '复位',
  holdDoor: '把门推开',
  dropDoor: '把门关上',
  keypad: '密码键盘',
  key: (key) => (key === '*' ? '星号，清除' : key === '#' ? '井号，确认' : `数字 ${key}`),
  led: (colour) =>
    `指示灯：${{ off: '灭', red: '红', green: '绿', amber: '黄', blue: '蓝', magenta: '紫', cyan: '青', white: '白' }[colour]}`,
  dots: (count) => `已输入 ${count} 位`,
  otherLanguage: 'EN',
  otherLanguageLabel: 'English',
};

const en = {
  title: 'Door station',
  locked: 'Locked',
  released: 'Unlocked',
  closed: 'Door closed',
  open: 'Door open',
  opens: (count) => `${count} ${count === 1 ? 'opening' : 'openings'}`,
  pulse: (seconds) => `last ${seconds} s`,
  enterCode: 'Enter code',
  noController: 'No controller',
  noControllerHint: 'Keypad and card are out of service; exit and fire still open.',
  pageOffline: 'Lost contact with the door, reconnecting…',
  refused: 'The door did not take it: ',
  clear: 'clear',
  confirm: 'enter',
  card: 'Card',
  exit: 'Exit',
  fire: 'Fire',
  fireOff: 'Reset',
  holdDoor: 'Push the door open',
  dropDoor: 'Let the door close',
  keypad: 'Keypad',
  key: (key) => (key === '*' ? 'star, clear' : key === '#' ? 'hash, enter' : `digit ${key}`),
  led: (colour) => `Light: ${colour}`,
  dots: (count) => `${count} keys typed`,
  otherLanguage: '中',
  otherLanguageLabel: '中文',
};

const isEnglish = new URLSearchParams(location.search).get('lang') === 'en';

/** Chinese unless the address says `?lang=en`. */
export const language = isEnglish ? 'en' : 'zh-CN';
export const strings = isEnglish ? en : zh;
export const otherLanguageQuery = isEnglish ? '?lang=zh' : '?lang=en';
