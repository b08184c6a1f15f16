import { language, otherLanguageQuery, strings } from './strings.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const TOAST_MS = 4000;
const FLASH_MS = 140;
const CARD_TAP_MS = 600;
const BOUNCES = 5;

const element = (id) => document.getElementById(id);
const entrance = element('entrance');

/** The side of the door on which the person with this page stands. */
let side = 'entry';
let lastState;

/** Presses go out one after another, so that a fast typist's digits arrive in order. */
let lastRequest = Promise.resolve();

function post(path, body) {
  lastRequest = lastRequest.then(() => send(path, body));
}

async function send(path, body) {
  try {
    const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
    const answer = await response.json();
    if (response.ok) {
      show(answer);
    } else {
      toast(answer.code === 'no-controller' ? strings.noController : strings.refused + answer.title);
    }
  } catch {
    toast(strings.pageOffline);
  }
}

let toastTimer;
function toast(text) {
  element('toast').textContent = text;
  element('toast').classList.add('is-shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => element('toast').classList.remove('is-shown'), TOAST_MS);
}

function show(state) {
  lastState = state;
  const isReleased = state.lock === 'released';
  const isOpen = state.contact === 'open';
  entrance.dataset.lock = state.lock;
  entrance.dataset.contact = state.contact;
  entrance.dataset.link = state.linkOnline ? 'online' : 'offline';
  entrance.dataset.fire = String(state.fire);
  element('name').textContent = state.name;
  document.title = `${state.name} · ${strings.title}`;
  setText('lock-text', isReleased ? strings.released : strings.locked);
  setText('contact', isOpen ? strings.open : strings.closed);
  setText('opens', strings.opens(state.opens));
  setText('pulse', state.lastPulseMs === null ? '' : ` · ${strings.pulse((state.lastPulseMs / 1000).toFixed(1))}`);
  element('doorway').setAttribute('aria-label', isOpen ? strings.dropDoor : strings.holdDoor);
  element('doorway').title = isOpen ? strings.dropDoor : strings.holdDoor;
  showSides(state.exitReader !== null);
  const reader = side === 'exit' ? state.exitReader : state;
  showReader(reader);
  element('exit').classList.toggle('is-pressed', state.exitPressed);
  element('fire').setAttribute('aria-pressed', String(state.fire));
  setText('fire-text', state.fire ? strings.fireOff : strings.fire);
  showService(state);
  showOffline(!reader.linkOnline, strings.noController, strings.noControllerHint);
}

function showSides(hasExitReader) {
  side = hasExitReader ? side : 'entry';
  element('sides').hidden = !hasExitReader;
  for (const button of element('sides').children) {
    button.setAttribute('aria-pressed', String(button.dataset.side === side));
  }
}

function showService(state) {
  for (const [id, isOn, on, off] of [
    ['tamper', state.tamper, strings.tamper, strings.tamperOff],
    ['power', state.powerFailed, strings.power, strings.powerOff],
  ]) {
    element(id).setAttribute('aria-pressed', String(isOn));
    setText(id, isOn ? off : on);
  }
  const alarms = [state.tamper ? strings.tampered : '', state.powerFailed ? strings.onBattery : ''];
  setText('alarms', alarms.filter((alarm) => alarm !== '').join(' · '));
}

function showReader(state) {
  element('led').dataset.colour = state.led;
  element('led').setAttribute('aria-label', strings.led(state.led));
  element('secure-line').hidden = !state.linkOnline;
  element('secure-line').dataset.secure = state.secure;
  setText('secure', strings.secure[state.secure]);
  element('buzzer').classList.toggle('is-sounding', state.buzzer);
  setText('prompt', state.text === '' ? strings.enterCode : state.text);
  element('prompt').hidden = state.keysTyped > 0;
  const dots = element('dots');
  dots.hidden = state.keysTyped === 0;
  dots.setAttribute('aria-label', strings.dots(state.keysTyped));
  while (dots.childElementCount > state.keysTyped) {
    dots.lastElementChild.remove();
  }
  while (dots.childElementCount < state.keysTyped) {
    dots.append(document.createElement('i'));
  }
}

function showOffline(isOffline, title, hint) {
  element('offline').hidden = !isOffline;
  element('unit').classList.toggle('is-offline', isOffline);
  setText('offline-title', title);
  setText('offline-hint', hint);
}

/** Unchanged text is left alone: a screen reader would say it again. */
function setText(id, text) {
  if (element(id).textContent !== text) {
    element(id).textContent = text;
  }
}

function press(key) {
  const button = document.querySelector(`[data-key="${key}"]`);
  button.classList.add('is-lit');
  setTimeout(() => button.classList.remove('is-lit'), FLASH_MS);
  post('/keypad', { digits: key, side });
}

function makeKeys() {
  for (const key of KEYS) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'key';
    button.dataset.key = key;
    button.setAttribute('aria-label', strings.key(key));
    button.textContent = key === '*' ? '✱' : key;
    const hint = { '*': strings.clear, '#': strings.confirm }[key];
    if (hint !== undefined) {
      button.append(Object.assign(document.createElement('small'), { textContent: hint }));
    }
    button.addEventListener('click', () => press(key));
    element('keypad').append(button);
  }
}

function keyOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return undefined;
  }
  // Enter and space on a focused button press that button, as everywhere.
  if (event.key === 'Enter') {
    return event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement ? undefined : '#';
  }
  return event.key === 'Backspace' || event.key === 'Escape' ? '*' : KEYS.find((key) => key === event.key);
}

function watch() {
  const source = new EventSource('/events');
  source.addEventListener('message', (event) => show(JSON.parse(event.data)));
  source.addEventListener('error', () => {
    showOffline(true, strings.pageOffline, '');
    // After a refusal (503) the browser does not try again by itself.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(watch, TOAST_MS);
    }
  });
}

function tapCard() {
  element('card').classList.add('is-tapped');
  setTimeout(() => element('card').classList.remove('is-tapped'), CARD_TAP_MS);
  post('/card', { side });
}

function stand(where) {
  side = where;
  if (lastState !== undefined) {
    show(lastState);
  }
}

document.documentElement.lang = language;
document.title = strings.title;
element('keypad').setAttribute('aria-label', strings.keypad);
element('card-text').textContent = strings.card;
element('exit-text').textContent = strings.exit;
element('fire-text').textContent = strings.fire;
element('tamper').textContent = strings.tamper;
element('power').textContent = strings.power;
element('bounce').textContent = strings.bounce;
element('sides').setAttribute('aria-label', strings.sides);
element('prompt').textContent = strings.enterCode;
element('language').textContent = strings.otherLanguage;
element('language').title = strings.otherLanguageLabel;
element('language').href = otherLanguageQuery;
makeKeys();
element('card').addEventListener('click', tapCard);
element('exit').addEventListener('click', () => post('/exit', {}));
element('fire').addEventListener('click', () => post('/fire', { active: entrance.dataset.fire !== 'true' }));
element('doorway').addEventListener('click', () => post('/contact', { open: entrance.dataset.contact !== 'open' }));
element('tamper').addEventListener('click', () => post('/tamper', { active: lastState?.tamper !== true }));
element('power').addEventListener('click', () => post('/power', { failed: lastState?.powerFailed !== true }));
element('bounce').addEventListener('click', () => post('/bounce', { times: BOUNCES }));
for (const button of element('sides').children) {
  button.textContent = button.dataset.side === 'exit' ? strings.exitSide : strings.entry;
  button.addEventListener('click', () => stand(button.dataset.side));
}
document.addEventListener('keydown', (event) => {
  const key = keyOf(event);
  if (key !== undefined && !event.repeat) {
    event.preventDefault();
    press(key);
  }
});
watch();
