import { mountApp } from '../kit/app-root.tsx';
import { App } from './app.tsx';
import { zh } from './messages/zh.ts';
import './guard.css';

// The phone of a gatehouse goes from hand to hand and is locked between: who has signed in stays signed in.
mountApp({
  app: 'guard',
  storage: localStorage,
  messages: { zh, en: () => import('./messages/en.ts').then((module) => module.en) },
  children: <App />,
});
