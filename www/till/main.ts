// The till's entry: joins the page to the worker, and to the wallet whose addresses
// it gives out. It asks the worker of the keys for nothing but to make a wallet to practise with.

import { Client } from '../lib/client.ts';
import { ownWallet, storedKeys } from '../lib/keys-here.ts';
import { Session } from '../lib/session.ts';
import { TillPage } from './till-page.ts';

const page = new TillPage();
page.session = new Session((network) => new Client(network), storedKeys);
page.own = ownWallet(page.session);
document.body.prepend(page);
