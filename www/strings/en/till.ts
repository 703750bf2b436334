// The till's keypad, settings and decisions.

import type { AmountProblem } from '../../lib/amount.ts';
import type { Decision } from '../../lib/messages.ts';
import { LONGEST_LABEL } from '../../lib/route.ts';
import { plural } from './words.ts';

export const till = {
  keypad: {
    empty: 'What is due?',
    ready: (amount: string): string => `Ask for ${amount}.`,
    sub: 'Every payment is checked in this tab; no server is believed.',
    amount: (unit: string): string => `Amount in ${unit}`,
    label: 'Label',
    labelHint: 'Table 7 (if you like)',
    add: 'Add a line',
    addKey: '+',
    clear: 'Clear the last line; hold for all',
    clearKey: 'C',
    showCode: 'Show the code',
    making: 'Storing the invoice…',
    settings: 'Settings',
    pad: 'Keypad',
    opening: 'Opening the till…',
    makingWallet: 'Making a wallet to practise with…',
    freshEach: 'This browser’s wallet: a fresh address for each invoice',
    noWallet:
      'There is no wallet in this browser to be paid to: make one on the Wallet page, or type an address in the settings.',
    unconfirmed:
      'The wallet’s phrase was not confirmed yet: do that on the Wallet page before the first receive.',
    moved: (till: string, site: string): string =>
      `The till is set to ${till}, and this site’s node is on ${site}.`,
    total: 'Total',
    paidTo: 'Paid to',
    waitsFor: (count: number): string =>
      count === 0
        ? 'settled once seen, unverified'
        : `settled after ${count} ${plural(count, 'confirmation', 'confirmations')}`,
  },
  amountProblems: {
    empty: 'Type an amount first.',
    notANumber: 'An amount is digits with one decimal point, such as 0.00042.',
    tooManyPlaces: 'The smallest unit is the 8th decimal; there are more decimals here.',
    zero: 'An amount of zero cannot be asked for.',
    tooLarge: 'This is more than all 21,000,000 coins.',
  } satisfies Record<AmountProblem, string>,
  settings: {
    first: 'Set up the till.',
    again: 'Settings of the till.',
    sub: 'A network, at least one node to listen to, and the address that is to be paid. This stays in this browser.',
    network: 'Network',
    where: 'Where it listens',
    offered: 'Nodes that this site offers',
    noneOffered: 'This site offers no node for this network.',
    others: 'Other nodes',
    othersHint:
      'One WebSocket address a line, ws:// or wss://: a bridge to a Bitcoin node. More operators know more; two ports of one operator do not.',
    whatFor: 'What it asks for',
    source: 'Who is paid',
    sourceWallet: 'This browser’s wallet: a fresh address for each invoice',
    sourceWalletHint:
      'The addresses are those of account 1. The till takes them one by one, and holds no key that spends.',
    sourceTyped: 'An address that I type',
    address: 'Address that is to be paid',
    addressHint: 'From your own wallet. This till cannot spend, and holds no key.',
    when: 'When it is green',
    confirmations: 'Confirmations',
    confirmationsHint: 'Blocks over a payment until it is settled, 0 to 100.',
    tolerance: 'May be missing, %',
    toleranceHint: 'Of the amount due; under 100.',
    expiry: 'Expires after, minutes',
    expiryHint: 'A later payment is shown, and never settles by itself.',
    share: 'Attacker’s share, %',
    shareHint: 'Of all hash power, for the odds in the verdict.',
    riskCap: 'Most to accept at risk',
    riskCapHint: 'Amounts over this are never handed over early.',
    save: 'Save and open the till',
    checking: 'Checking the address…',
    fromLink:
      'A link filled in what follows. Compare the address with your own wallet before you save.',
    trusts:
      'Headers are cheap to make on this network: the till trusts its peers there. For tests only.',
    ownCheap:
      'A network of one’s own: its proof of work is cheap to rewrite, and the verdict says how cheap. For practice, classes and private use.',
    problems: {
      noNodes: 'Choose or type at least one node.',
      tooManyNodes: (most: number): string => `At most ${most} nodes.`,
      notWebSocket: (text: string): string => `“${text}” is no ws:// or wss:// address.`,
      insecure: (text: string): string =>
        `“${text}”: this page came over https, so the browser allows wss:// alone.`,
      noAddress: 'Type the address that is to be paid.',
      confirmations: 'A whole number from 0 to 100.',
      tolerance: 'A number from 0, under 100.',
      expiry: 'A number of minutes over 0, at most 525,600.',
      share: 'A number from 0 to 100.',
      notStored: 'The browser keeps nothing for this page: the settings hold until it is closed.',
    },
  },
  prefill: {
    network: (text: string): string =>
      `The link names “${text}”, which is no network that this till knows.`,
    address: (text: string): string => `The link’s address “${text}” is not one.`,
    amount: (text: string, why: string): string =>
      `The link’s amount “${text}” was not taken. ${why}`,
    label: (length: number): string =>
      `The link’s label has ${length} characters, ${LONGEST_LABEL} are the most.`,
  },
  actions: {
    newInvoice: 'Next customer',
    back: 'Keypad',
    acceptRisk: 'Accept at risk…',
    acceptRiskTitle: 'Hand over before it is settled?',
    acceptRiskText:
      'The payment can still be replaced or fall out of the chain; then it is lost. This is noted with the invoice.',
    acceptRiskConfirm: 'Accept at my risk',
    acceptLate: 'Accept it late',
    refund: 'Note a refund',
    cancel: 'Cancel…',
    cancelTitle: 'Stop watching for this payment?',
    cancelText:
      'A payment that comes later will not be noticed here. The address stays this invoice’s.',
    cancelConfirm: 'Stop watching',
    keep: 'Go back',
    decided: {
      cancel: 'You cancelled it.',
      acceptAtRisk: 'You accepted it at your own risk.',
      acceptLate: 'You accepted it late.',
      refund: 'You noted a refund.',
      acknowledge: 'You read the alarm.',
    } satisfies Record<Decision, string>,
  },
  paste: {
    title: 'Paste a transaction',
    hint: 'If the customer’s wallet can show the raw transaction: it is looked at here and sent to the nodes.',
    field: 'Raw transaction in hex',
    send: 'Look at it',
    done: 'It was taken and sent to the nodes.',
    empty: 'A raw transaction is an even number of hex digits.',
  },
  list: {
    title: 'Recent payments',
    none: 'None yet. The first is one amount away.',
    reading: 'Reading…',
  },
};
