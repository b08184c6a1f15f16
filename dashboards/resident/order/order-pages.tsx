import { Route, Switch } from 'wouter';
import { OrderListPage } from './order-list-page.tsx';
import { OrderPage } from './order-page.tsx';
import { ReturnPage } from './return-page.tsx';

/** All pages below `/orders`. */
export const OrderPages = () => (
  <Switch>
    <Route path="/orders" component={OrderListPage} />
    <Route path="/orders/paid" component={ReturnPage} />
    <Route path="/orders/:id">{({ id }) => <OrderPage key={id} id={id} />}</Route>
  </Switch>
);
