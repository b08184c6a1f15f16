import { lazy, useEffect } from 'react';
import { Route, Switch } from 'wouter';
import { fetchAhead } from '../fetch-ahead.ts';
import { keepForOffline } from '../offline/keep-for-offline.ts';
import { DoorPage } from './door-page.tsx';

const qrPage = () => import('../qr/qr-page.tsx');
const QrPage = lazy(() => qrPage().then((module) => ({ default: module.QrPage })));
const visitorPages = () => import('../visitors/visitor-pages.tsx');
const VisitorPages = lazy(() => visitorPages().then((module) => ({ default: module.VisitorPages })));

/** All pages below `/door`: what gets oneself and one's visitors in. */
export function DoorPages() {
  useEffect(() => {
    fetchAhead([qrPage, visitorPages]);
    keepForOffline();
  }, []);
  return (
    <Switch>
      <Route path="/door" component={DoorPage} />
      <Route path="/door/qr" component={QrPage} />
      <Route path="/door/visitors/*?" component={VisitorPages} />
    </Switch>
  );
}
