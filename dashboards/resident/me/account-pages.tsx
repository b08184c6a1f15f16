import { Redirect, Route, Switch } from 'wouter';
import { OwnScreensPage } from '../screens/own-screens-page.tsx';
import { SignedInPage } from '../signed-in-page.tsx';
import { ConsentsPage } from './consents-page.tsx';
import { DataPage } from './data-page.tsx';
import { IncomePage } from './income-page.tsx';
import { useMeWords } from './me-words.ts';
import { RecordViewsPage } from './record-views-page.tsx';
import { RecordsPage } from './records-page.tsx';
import { SessionsPage } from './sessions-page.tsx';
import { WaysInPage } from './ways-in-page.tsx';
import './account.css';

/** What one has and what is kept of one: behind a sign-in, each with a way back to `/me`. */
export function AccountPages() {
  const words = useMeWords();
  return (
    <SignedInPage icon="person" title={words.signedOutLead}>
      <Switch>
        <Route path="/me/ways-in" component={WaysInPage} />
        <Route path="/me/records" component={RecordsPage} />
        <Route path="/me/views" component={RecordViewsPage} />
        <Route path="/me/consents" component={ConsentsPage} />
        <Route path="/me/screens" component={OwnScreensPage} />
        <Route path="/me/income" component={IncomePage} />
        <Route path="/me/sessions" component={SessionsPage} />
        <Route path="/me/data" component={DataPage} />
        <Route>
          <Redirect href="/me" replace />
        </Route>
      </Switch>
    </SignedInPage>
  );
}
