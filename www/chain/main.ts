// The chain page's entry: joins the page to a worker of its own.

import { Client } from '../lib/client.ts';
import { Session } from '../lib/session.ts';
import { ChainPage } from './chain-page.ts';

const page = new ChainPage();
page.session = new Session((network) => new Client(network));
document.body.prepend(page);
