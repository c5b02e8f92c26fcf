import { tellStory } from './story.js';

tellStory().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
