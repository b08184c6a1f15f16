const zh = {
  lang: 'zh-CN',
  other: 'EN',
  otherQuery: '?lang=en',
  door: '单元门',
  lift: '电梯',
  board: (unit) => `继电器板（站号 ${unit}）`,
  online: '主站在线',
  offline: '没有主站',
  released: '已开锁',
  secured: '已锁',
  facts: (open, opens, pulse) => `${open ? '门开着' : '门关着'} · 开门 ${opens} 次${pulse}`,
  pulse: (seconds) => ` · 上次 ${seconds} 秒`,
  push: '把门推开',
  drop: '把门关上',
  exit: '出门按钮',
  fire: '火警',
  car: (at, to, door) => (to === null ? `${at} 层 · 轿门${door === 'open' ? '开' : '关'}` : `${at} 层 → ${to} 层`),
  floor: (floor, works) => `${floor} 层，${works ? '可用' : '锁定'}`,
  relay: (n) => `继电器 ${n}`,
  input: (n) => `输入 ${n}`,
  dead: '这一层没有授权，按钮不起作用',
  refused: '没有收下：',
  lost: '与模拟器失去联系，正在重连…',
};
const en = {
  lang: 'en',
  other: '中',
  otherQuery: '?lang=zh',
  door: 'Unit door',
  lift: 'Lift',
  board: (unit) => `Relay board (unit ${unit})`,
  online: 'Master online',
  offline: 'No master',
  released: 'Unlocked',
  secured: 'Locked',
  facts: (open, opens, pulse) =>
    `Door ${open ? 'open' : 'closed'} · ${opens} ${opens === 1 ? 'opening' : 'openings'}${pulse}`,
  pulse: (seconds) => ` · last ${seconds} s`,
  push: 'Push the door open',
  drop: 'Let the door close',
  exit: 'Exit button',
  fire: 'Fire',
  car: (at, to, door) => (to === null ? `Floor ${at} · door ${door}` : `Floor ${at} → ${to}`),
  floor: (floor, works) => `Floor ${floor}, ${works ? 'works' : 'locked'}`,
  relay: (n) => `Relay ${n}`,
  input: (n) => `Input ${n}`,
  dead: 'Nobody has released this floor: its button does nothing',
  refused: 'Not taken: ',
  lost: 'Lost contact with the simulator, reconnecting…',
};
const strings = new URLSearchParams(location.search).get('lang') === 'en' ? en : zh;

const TOAST_MS = 4000;
const element = (id) => document.getElementById(id);
let shown;

let toastTimer;
function toast(text) {
  element('toast').textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (element('toast').textContent = ''), TOAST_MS);
}

async function post(path, body) {
  try {
    const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
    const answer = await response.json();
    if (response.ok) {
      show(answer);
    } else {
      toast(answer.code === 'floor-locked' ? strings.dead : strings.refused + answer.title);
    }
  } catch {
    toast(strings.lost);
  }
}

/** Unchanged text is left alone: a screen reader would say it again. */
function setText(id, text) {
  if (element(id).textContent !== text) {
    element(id).textContent = text;
  }
}

function show(state) {
  shown = state;
  document.title = state.name;
  setText('name', state.name);
  setText('link', state.linkOnline ? strings.online : strings.offline);
  setText('lock', state.lock === 'released' ? strings.released : strings.secured);
  element('lock').className = `big ${state.fire ? 'is-alarm' : state.lock === 'released' ? 'is-on' : ''}`;
  const pulse = state.lastPulseMs === null ? '' : strings.pulse((state.lastPulseMs / 1000).toFixed(1));
  setText('facts', strings.facts(state.contact === 'open', state.opens, pulse));
  setText('contact', state.contact === 'open' ? strings.drop : strings.push);
  element('fire').setAttribute('aria-pressed', String(state.fire));
  setText('board-title', strings.board(state.unit));
  setText('car', strings.car(state.lift.at, state.lift.to, state.lift.door));
  showFloors(state.lift.floors);
  showLamps('relays', state.relays, strings.relay);
  showLamps('inputs', state.inputs, strings.input);
}

function showFloors(floors) {
  const list = element('floors');
  while (list.childElementCount < floors.length) {
    const { floor } = floors[list.childElementCount];
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: String(floor) });
    button.addEventListener('click', () => void post('/press', { floor }));
    list.append(button);
  }
  for (const [index, { floor, released }] of floors.entries()) {
    list.children[index].dataset.released = String(released);
    list.children[index].setAttribute('aria-label', strings.floor(floor, released));
  }
}

function showLamps(id, values, name) {
  const list = element(id);
  while (list.childElementCount < values.length) {
    list.append(Object.assign(document.createElement('span'), { textContent: name(list.childElementCount) }));
  }
  for (const [index, isOn] of values.entries()) {
    list.children[index].classList.toggle('is-lit', isOn);
  }
}

function watch() {
  const source = new EventSource('/events');
  source.addEventListener('message', (event) => show(JSON.parse(event.data)));
  source.addEventListener('error', () => {
    toast(strings.lost);
    // After a refusal (503) the browser does not try again by itself.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(watch, TOAST_MS);
    }
  });
}

document.documentElement.lang = strings.lang;
setText('door-title', strings.door);
setText('lift-title', strings.lift);
setText('exit', strings.exit);
setText('fire', strings.fire);
Object.assign(element('language'), { textContent: strings.other, href: strings.otherQuery });
element('contact').addEventListener('click', () => void post('/contact', { open: shown?.contact !== 'open' }));
element('exit').addEventListener('click', () => void post('/exit', {}));
element('fire').addEventListener('click', () => void post('/fire', { active: shown?.fire !== true }));
watch();
