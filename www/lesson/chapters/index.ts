// The chapters that are here, by their numbers in the course.

import type { Chapter } from '../chapter.ts';
import { network } from './network.ts';
import { race } from './race.ts';

/** In the order of the course. */
export const CHAPTERS: readonly Chapter[] = [network, race];
