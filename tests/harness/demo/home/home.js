import { words } from './words.js';

const $ = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

let language = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'zh';
let holder = 'resident';
let state;
const say = (text) => ($('#said').textContent = text);
const sayWord = (key) => say(words[language][key]);
const withLanguage = (url) => `${url}${url.includes('?') ? '&' : '?'}lang=${language}`;
const enter = (role, to) => `enter/${role}?to=${encodeURIComponent(withLanguage(to))}`;

async function ask(path, method = 'GET') {
  const answer = await fetch(path, { method });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

function showTime(minute) {
  const two = (n) => String(n).padStart(2, '0');
  $('#time').textContent = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function showPrograms() {
  const names = words[language].programs;
  $('#programs').replaceChildren(
    ...Object.entries(state.programs).map(([key, isUp]) => {
      const item = document.createElement('li');
      item.textContent = names[key];
      item.className = isUp ? 'up' : 'down';
      return item;
    }),
  );
  const isCut = !state.programs.cloud && !state.programs.broker;
  $('#uplink').textContent = words[language][isCut ? 'back' : 'cut'];
  $('#uplink').dataset.state = isCut ? 'back' : 'cut';
}

function showWords() {
  const now = words[language];
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const element of all('[data-t]')) element.textContent = now[element.dataset.t];
  for (const element of all('[data-label]')) element.setAttribute('aria-label', now[element.dataset.label]);
  for (const button of all('[data-clock]')) button.textContent = button.dataset.clock;
  for (const link of all('.pane h2 a:not([data-t])')) link.textContent = now.open;
  $('#language').textContent = now.language;
  $('#keys').textContent = state.keys;
  $('#door').title = now.door;
  $('#screen').title = now.screen;
  $('#trace').title = now.trace;
  showHolder();
}

function showHolder() {
  const now = words[language];
  $('#whose').textContent = now.phoneOf[holder];
  $('#phone').title = now.phoneOf[holder];
  $('#neighbour').textContent = holder === 'neighbour' ? now.resident : now.neighbour;
}

function showPanes() {
  $('#door').src = withLanguage(state.door);
  $('#screen').src = withLanguage(state.screen);
  $('#trace').src = enter('operator', '/operator/trace');
  hold('resident', '/h5/');
  const opens = {
    door: state.door,
    screen: state.screen,
    sms: state.sms,
    trace: enter('operator', '/operator/trace'),
    docs: `${state.cloud}/docs`,
  };
  for (const link of all('[data-open]')) link.href = opens[link.dataset.open];
  for (const link of all('[data-enter]')) link.href = enter(link.dataset.enter, `/${link.dataset.enter}/`);
}

/** Whose phone is in the pane, and on which page. */
function hold(role, to) {
  holder = role;
  $('#phone').src = enter(role, to);
  showHolder();
}

const done = (step) => all('.steps li')[step - 1].classList.add('done');

async function press(button, work) {
  button.disabled = true;
  try {
    await work();
  } catch {
    sayWord('failed');
  } finally {
    button.disabled = false;
  }
}

const onPress = (button, work) => button.addEventListener('click', () => void press(button, work));

onPress($('#type'), async () => {
  await ask('try/keypad', 'POST');
  sayWord('typed');
  done(1);
});
onPress($('#scan'), async () => {
  const { link } = await ask('try/scan', 'POST');
  if (!link) return sayWord('noLink');
  holder = holder === 'merchant' ? 'resident' : holder;
  showHolder();
  $('#phone').src = withLanguage(link);
  say('');
  done(2);
});
onPress($('#neighbour'), async () => {
  hold(
    holder === 'neighbour' ? 'resident' : 'neighbour',
    holder === 'neighbour' ? '/h5/orders' : `/h5/deals/${state.deal}`,
  );
  done(3);
});
onPress($('#staff'), async () => {
  hold('merchant', '/merchant/verify');
  done(4);
});
onPress($('#uplink'), async () => {
  const to = $('#uplink').dataset.state;
  state = await ask(`uplink/${to}`, 'POST');
  showPrograms();
  if (to === 'cut') sayWord('isCut');
  else {
    say('');
    showPanes();
  }
});
for (const button of all('[data-clock]'))
  onPress(button, async () => {
    state = await ask(`clock/${button.dataset.clock}`, 'POST');
    showTime(state.localMinute);
    say(`${words[language].moved} ${button.dataset.clock}`);
  });
$('#language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  history.replaceState(null, '', `?lang=${language}`);
  showWords();
  showPrograms();
  showPanes();
});

/** The strip of programs and the clock follow what is true, every two seconds while the page is looked at. */
async function follow() {
  if (!document.hidden)
    try {
      state = await ask('state.json');
      showTime(state.localMinute);
      showPrograms();
    } catch {
      sayWord('failed');
    }
  setTimeout(() => void follow(), 2000);
}

state = await ask('state.json');
showTime(state.localMinute);
showWords();
showPrograms();
showPanes();
setTimeout(() => void follow(), 2000);
