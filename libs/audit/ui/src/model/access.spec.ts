import { describe, expect, it } from '@jest/globals';
import { type Access, type EntityAccess, entityAccess, partTypes, propertyAccess } from './access.js';

const rights = { list: true, history: true, values: true, export: true, restore: true, coverage: true };

function entity(type: string, perSchema: boolean, partOfType: string | null = null): EntityAccess {
  const property = { kind: 'to-one', type: 'number', masked: false } as const;
  const properties = ['Bill', 'Country'].map((targetType) => ({ ...property, path: targetType, targetType }));
  return { type, perSchema, partOfType, properties, permissions: rights };
}

const access: Access = {
  permissions: { ...rights, coverage: false },
  entities: [entity('Bill', true), entity('Line', true, 'Bill'), entity('Country', false)],
};

describe('what the reader may do with an entity', () => {
  it('holds for it in every schema, and what it leads to is in the same one', () => {
    expect(entityAccess(access, 'Line@acme')).toMatchObject({ type: 'Line@acme', partOfType: 'Bill@acme' });
    expect(propertyAccess(access, 'Line@a@b', 'Bill')?.targetType).toBe('Bill@a@b');
    expect(propertyAccess(access, 'Line@acme', 'Country')?.targetType).toBe('Country');
    expect(entityAccess(access, 'Line')).toMatchObject({ type: 'Line', partOfType: 'Bill' });
    expect(entityAccess(access, 'Other@acme')).toBeUndefined();
  });

  it('says what is part of it there', () => {
    expect(partTypes(access, 'Bill@acme')).toEqual(['Line@acme']);
    expect(partTypes(access, 'Bill')).toEqual(['Line']);
  });
});
