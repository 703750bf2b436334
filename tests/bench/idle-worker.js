/** Answers, and that is all: what starting any worker costs. */
self.postMessage('here');
