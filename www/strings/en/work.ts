// The Mine page.

export const work = {
  workPage: {
    sentence: 'Nothing is being mined.',
    sub: 'Proof of work in this tab, for practice, classes and private networks. It earns nothing on Bitcoin’s main network, and does not pretend to.',
  },
};
