// The till's entry: joins the page to the worker.

import { Client } from '../lib/client.ts';
import { Session } from '../lib/session.ts';
import { TillPage } from './till-page.ts';

const page = new TillPage();
page.session = new Session((network) => new Client(network));
document.body.prepend(page);
