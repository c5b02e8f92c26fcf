import { test } from '@jest/globals';
import { tellStory } from './story.js';

test('the trail of a book', tellStory, 60_000);
