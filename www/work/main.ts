// The entry of the Mine page: joins the page to its workers. (Ad blockers stop files with the trade's
// own name, so it is called work.)

import { Client } from '../lib/client.ts';
import { ownWallet, storedKeys } from '../lib/keys-here.ts';
import { Session } from '../lib/session.ts';
import { WorkPage } from './work-page.ts';

const page = new WorkPage();
page.session = new Session((network) => new Client(network), storedKeys);
page.own = ownWallet(page.session);
document.body.prepend(page);
