import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ORM = fileURLToPath(new URL('.', import.meta.url));
const SOURCES = fileURLToPath(new URL('../../', import.meta.url));

const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .map((path) => join(SOURCES, path))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.startsWith(ORM));

function filesWith(pattern: RegExp): readonly string[] {
  return sources
    .filter((path) => pattern.test(readFileSync(path, 'utf8')))
    .map((path) => relative(SOURCES, path));
}

describe('knowledge of MikroORM beyond its documentation', () => {
  it('there are sources to look at', () => {
    expect(sources.length).toBeGreaterThan(200);
  });

  it('no type is talked away outside capture/orm', () => {
    expect(filesWith(/\bas never\b|\bas unknown as\b/)).toEqual([]);
  });

  it('the inside of an entity is opened in capture/orm only', () => {
    expect(filesWith(/import (?:type )?\{[^}]*\bhelper\b[^}]*\} from '@mikro-orm\/core'/)).toEqual([]);
    // Values that may be entities are told from others by what they have, without asking MikroORM.
    expect(filesWith(/\.__(?:helper|meta|em|pk|initialized|originalEntityData|onLoadFired)\b/)).toEqual([
      'serialize/json/orm-value.ts',
    ]);
  });
});
