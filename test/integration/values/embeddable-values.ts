import { expect } from '@jest/globals';
import { Money } from './custom-cases.js';
import { Address, Geo, Profile } from './embeddable-model.js';

export const ENGLAND = 'aaaaaaaa-0000-4000-8000-000000000001';
// In upper case: the database stores it in lower case.
export const FRANCE = 'BBBBBBBB-0000-4000-8000-000000000002';
export const NOON = '2024-05-01T12:00:00.000Z';
export const LATER = '2024-05-02T12:00:00.500Z';

export function geo(lat: number, measured: string | null = null): Geo {
  return Object.assign(new Geo(), { lat, measured: measured === null ? null : new Date(measured) });
}

export function address(values: Partial<Address>): Address {
  return Object.assign(new Address(), values);
}

export function profile(values: Partial<Profile>): Profile {
  return Object.assign(new Profile(), values);
}

export const fullProfile = () =>
  profile({
    fullName: 'Ada',
    born: new Date(NOON),
    budget: new Money(100),
    followers: 9_007_199_254_740_993n,
    rating: '1.10',
    tags: ['a,b', '"q"'],
    extra: { b: [1, { c: null }], a: 'x' },
    place: geo(1.5, NOON),
    track: [geo(1), geo(2, LATER)],
  });

/** In the trail, with the names of the properties. */
export const storedProfile = {
  fullName: 'Ada',
  born: NOON,
  budget: 100,
  followers: '9007199254740993',
  rating: '1.10',
  tags: expect.anything(),
  extra: { b: [1, { c: null }], a: 'x' },
  place: { lat: 1.5, measured: NOON },
  track: [
    { lat: 1, measured: null },
    { lat: 2, measured: LATER },
  ],
};
