import { Route, Switch } from 'wouter';
import { ReceiptPage } from './receipt-page.tsx';
import { ScreenPage } from './screen-page.tsx';
import './screens.css';

/** Where the small code on a screen leads: `/s/<token>`, and the answer at `/s/answer/<receipt>`. */
export const ScreenPages = () => (
  <Switch>
    <Route path="/s/answer/:receipt">{({ receipt }) => <ReceiptPage key={receipt} receipt={receipt} />}</Route>
    <Route path="/s/:token">{({ token }) => <ScreenPage key={token} token={token} />}</Route>
  </Switch>
);
