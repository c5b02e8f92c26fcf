import { describe, expect, it } from '@jest/globals';
import { fencedBlocks, markdownFiles, readProjectFile, sampleText } from './markdown.js';

const LANGUAGES_OF_SAMPLES = ['ts', 'tsx', 'sql'];

describe('every sample in the documentation', () => {
  it('is byte for byte a region of a file in docs/samples, which the compiler checks', async () => {
    const blocks = (await markdownFiles())
      .flatMap(fencedBlocks)
      .filter(({ language }) => LANGUAGES_OF_SAMPLES.includes(language));
    expect(blocks.length).toBeGreaterThan(15);
    for (const { file, line, sample, text } of blocks) {
      const where = `${file}:${line}`;
      expect([where, sample]).toEqual([where, expect.any(String)]);
      expect([where, text]).toEqual([where, sampleText(sample ?? '')]);
    }
  });

  it('is shown with a language, so that no code escapes this test as plain text', async () => {
    const unnamed = (await markdownFiles()).flatMap(fencedBlocks).filter(({ language }) => language === '');
    expect(unnamed.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });

  it('has the commands of the project at the top of README', () => {
    const [first, second] = fencedBlocks('README.md').filter(({ language }) => language === 'sh');
    expect([first?.text, second?.text]).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(second?.line).toBeLessThan(30);
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'check']));
    expect(scripts.check).toMatch(/npm test$/);
    expect(readProjectFile('.ci/run')).toMatch(/^npm ci$[\s\S]*npm run check/m);
  });

  it('names only npm scripts that exist', async () => {
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    for (const file of await markdownFiles()) {
      for (const [, script = ''] of readProjectFile(file).matchAll(/npm run (?:-s )?([\w:-]+)/g)) {
        expect([file, script, script in scripts]).toEqual([file, script, true]);
      }
    }
  });
});
