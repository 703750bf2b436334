// What a graphics card takes for some work: an order of magnitude, so that less than a second needs no
// figure.

import { span } from '../lib/format.ts';
import { en } from '../strings/en.ts';

export const cardTime = (seconds: number): string =>
  seconds < 1 ? en.known.underASecond : span(seconds);
