import { expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

const CountrySchema = defineEntity({
  name: 'Country',
  properties: {
    code: p.string().primary(),
    cities: () => p.oneToMany(City).mappedBy('country'),
    neighbors: () => p.manyToMany(Country).owner(),
    neighborOf: () => p.manyToMany(Country).mappedBy('neighbors'),
  },
});
class Country extends CountrySchema.class {}
CountrySchema.setClass(Country);

const CitySchema = defineEntity({
  name: 'City',
  properties: { id: p.integer().primary(), country: () => p.manyToOne(Country).nullable() },
});
class City extends CitySchema.class {}
CitySchema.setClass(City);

/** Characters with a meaning in an array of PostgreSQL, in a line of text, or in JSON. */
const CODES = ['plain', 'a"b', 'c\\d', '{e,f}', 'NULL', ' ', 'g\nh', 'é😀', ':', 'City.country:plain'];

const audited = useAuditedApp({
  entities: [Country, City],
  options: { policies: [auditPolicy(Country), auditPolicy(City)] },
  clear: false,
});

it.each([1, CODES.length])('relations are found by any key, %d countries in a transaction', async (size) => {
  const em = audited.orm.em.fork();
  const codes = CODES.map((code) => `${code}${size}`);
  for (let first = 0; first < codes.length; first += size) {
    for (const code of codes.slice(first, first + size)) {
      const country = em.create(Country, { code });
      em.create(City, { country });
      country.neighbors.add(country);
    }
    await em.flush();
  }
  for (const code of codes) {
    const state = await audited.reader.asOf(Country, code, new Date(), {
      populate: ['cities', 'neighborOf'],
    });
    expect(state?.cities?.map(({ country }) => country)).toEqual([code]);
    expect(state?.neighborOf?.map((other) => other.code)).toEqual([code]);
    const { items } = await audited.reader.findAsOf(City, { country: code }, new Date());
    expect(items).toEqual(state?.cities);
  }
});
