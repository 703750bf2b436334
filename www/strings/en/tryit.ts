// The front page: mine, pay and check.

export const tryit = {
  tryPage: {
    sentence: 'Mine a coin, pay with it, and check the payment yourself.',
    sub: 'A few workers of this tab, a node on this computer, and nobody to trust.',
  },
};
