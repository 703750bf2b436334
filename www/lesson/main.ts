// The entry of the lessons' page. Its lab is a worker of its own; no node is asked for anything.

import { LessonPage } from './lesson-page.ts';

document.body.prepend(new LessonPage());
