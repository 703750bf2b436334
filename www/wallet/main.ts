// The wallet's entry: joins the page to the client's worker and to the worker of the keys.

import { Client } from '../lib/client.ts';
import { ownWallet, storedKeys } from '../lib/keys-here.ts';
import { Session } from '../lib/session.ts';
import { WalletPage } from './wallet-page.ts';

const page = new WalletPage();
page.session = new Session((network) => new Client(network), storedKeys);
page.own = ownWallet(page.session);
document.body.prepend(page);
