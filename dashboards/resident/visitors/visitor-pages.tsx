import { Route, Switch } from 'wouter';
import { SignedInPage } from '../signed-in-page.tsx';
import { NewPassPage } from './new-pass-page.tsx';
import { PassListPage } from './pass-list-page.tsx';
import { PassPage } from './pass-page.tsx';
import { useVisitorWords } from './visitor-words.ts';
import './visitors.css';

/** All pages below `/door/visitors`. */
export function VisitorPages() {
  const words = useVisitorWords();
  return (
    <SignedInPage icon="people" title={words.signedOut}>
      <Switch>
        <Route path="/door/visitors" component={PassListPage} />
        <Route path="/door/visitors/new" component={NewPassPage} />
        <Route path="/door/visitors/:id">{({ id }) => <PassPage key={id} id={id} />}</Route>
      </Switch>
    </SignedInPage>
  );
}
