// The front page's entry: joins the page to its workers. A link to the till as it was before it had a
// page of its own goes on to it.

import { Client } from '../lib/client.ts';
import { ownWallet, storedKeys } from '../lib/keys-here.ts';
import { isTillLink } from '../lib/route.ts';
import { Session } from '../lib/session.ts';
import { TryPage } from './try-page.ts';

if (isTillLink(location.hash)) {
  location.replace(`./till.html${location.hash}`);
} else {
  const page = new TryPage();
  page.session = new Session((network) => new Client(network), storedKeys);
  page.own = ownWallet(page.session);
  document.body.prepend(page);
}
