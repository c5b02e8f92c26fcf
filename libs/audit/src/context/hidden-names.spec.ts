import { describe, expect, it } from '@jest/globals';
import { HiddenNames } from './hidden-names.js';

const hides = (name: string) => {
  const hidden = new HiddenNames();
  hidden.add(name);
  return (['name', 'email'] as const).filter((member) => hidden.hidesLabel(member));
};

describe('a hidden property', () => {
  it.each([
    'email',
    'eMail',
    'e_mail',
    'E-MAIL',
    'emailAddress',
    'workEmail',
    'privateMail',
    'email2',
    'useremail',
    'emails',
  ])('of the name %s hides the email of who acts', (name) => {
    expect(hides(name)).toEqual(['email']);
  });

  it.each([
    'name',
    'names',
    'fullName',
    'full_name',
    'fullname',
    'firstName',
    'lastname',
    'surname',
    'userName',
    'username',
    'nickname',
    'nameOfPatient',
    'legalNames',
  ])('of the name %s hides the name of who acts', (name) => {
    expect(hides(name)).toEqual(['name']);
  });

  it.each([
    'price',
    'fileName',
    'file_name',
    'filename',
    'hostname',
    'bankName',
    'productNames',
    'named',
    'tenant',
  ])('of the name %s hides neither', (name) => {
    expect(hides(name)).toEqual([]);
  });
});
