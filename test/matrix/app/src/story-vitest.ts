import { test } from 'vitest';
import { tellStory } from './story.js';

test('the trail of a book', tellStory, 60_000);
