/** How the wallet, and the till on a network of one's own, look in each main state; see look.test.js. */
import { inspect } from './support/look.js';
import { SUBSIDY, go, invoice, ownStories, pay, receive, seeSpendable } from './support/shop.js';
import { status } from './support/till.js';

ownStories('the look of a network of one’s own', (story) => {
  story('from the first visit to a payment', async (world) => {
    const node = await world.node();
    const me = await world.person(node);
    const tab = await me.tab('wallet.html');
    await tab.see('create');
    await inspect(tab, 'wallet-first');
    await tab.click('create');
    await inspect(tab, 'wallet-create');
    await tab.click('make-wallet');
    await tab.see('phrase', { deadline: 60_000 });
    await inspect(tab, 'wallet-phrase');
    await tab.click('phrase-written');
    await tab.see('confirm-phrase');
    await inspect(tab, 'wallet-confirm');
    await tab.click('phrase-again');
    await tab.click('phrase-later');
    await go(tab, 'receive');
    await tab.see('address');
    await inspect(tab, 'wallet-receive');
    await go(tab, '');
    await node.mine(3, await receive(tab));
    await seeSpendable(tab, 3n * SUBSIDY);

    const till = await me.till();
    await inspect(till, 'own-till-keypad');
    const link = await invoice(till, 120_000_000n, 'Table 7');
    await inspect(till, 'own-till-awaiting');
    await go(tab, 'send');
    await tab.type('field-to', link);
    await inspect(tab, 'wallet-send');
    await tab.click('review-payment');
    await tab.see('review');
    await inspect(tab, 'wallet-review');
    await tab.click('change-payment');
    await pay(tab, link);
    await inspect(tab, 'wallet-home');
    await till.front();
    await status(till, 'seen');
    await till.click('settings');
    await till.see('save-settings');
    await inspect(till, 'own-till-settings');
    await go(tab, 'keys');
    await tab.see('show-phrase');
    await inspect(tab, 'wallet-keys');
    const lan = await me.tab('lan.html');
    await inspect(lan, 'lan');
  });
});
