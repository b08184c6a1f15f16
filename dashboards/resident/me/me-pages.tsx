import { lazy } from 'react';
import { Route, Switch } from 'wouter';
import { MePage } from './me-page.tsx';

const AccountPages = lazy(() => import('./account-pages.tsx').then((module) => ({ default: module.AccountPages })));

/** `/me` and all pages below it. */
export const MePages = () => (
  <Switch>
    <Route path="/me" component={MePage} />
    <Route component={AccountPages} />
  </Switch>
);
