import { describe, expect, it } from '@jest/globals';
import '@mikro-orm/decorators/es';
import ts from 'typescript';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { AuditIgnore } from './audit-ignore.decorator.js';
import { AuditMask } from './audit-mask.decorator.js';
import { auditPolicy } from './audit-policy.js';
import { Audited } from './audited.decorator.js';
import { declarationOf } from './decorator-metadata.js';
import type { PolicyDeclaration } from './policy-declaration.js';

const none: ReadonlyMap<object, PolicyDeclaration> = new Map();

/** Runs TypeScript with TC39 decorators, which the compiler of these tests does not know. */
async function tc39(source: string): Promise<Record<string, abstract new () => unknown>> {
  const { outputText } = ts.transpileModule(
    `export default ({ Audited, AuditIgnore, AuditMask }) => { ${source} };`,
    {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        experimentalDecorators: false,
      },
    },
  );
  const { default: make } = (await import(`data:text/javascript,${encodeURIComponent(outputText)}`)) as {
    default: (decorators: object) => Record<string, abstract new () => unknown>;
  };
  return make({ Audited, AuditIgnore, AuditMask });
}

function classOf(classes: Record<string, abstract new () => unknown>, name: string): object {
  const found = classes[name];
  if (!found) {
    throw new Error(`No class ${name}.`);
  }
  return found;
}

@Audited({ name: 'base', exact: true })
class Base {
  @AuditMask()
  secret?: string;

  @AuditIgnore()
  cache?: string;
}

class Child extends Base {
  @AuditMask(false)
  override secret = '';

  @AuditMask('last4')
  iban?: string;
}

@AuditIgnore()
class Ignored extends Base {}

@Audited({ name: 'again' })
class AuditedAgain extends Ignored {}

@AuditMask('hash')
class Masked extends Base {}

class Plain {}

describe('decorators on legacy classes', () => {
  it('declare what they say', () => {
    expect(declarationOf(Base, none)).toEqual({
      audited: { name: 'base', exact: true },
      ignored: false,
      ignore: new Set(['cache']),
      mask: new Map([['secret', 'redact']]),
    });
  });

  it('declare nothing on another class', () => {
    expect(declarationOf(Plain, none)).toBeUndefined();
  });

  it('are inherited, but for the name, and the nearest class wins', () => {
    expect(declarationOf(Child, none)).toEqual({
      audited: { exact: true },
      ignored: false,
      ignore: new Set(['cache']),
      mask: new Map<string, string | boolean>([
        ['secret', false],
        ['iban', 'last4'],
      ]),
    });
  });

  it('do not leak from a subclass into its base or a sibling', () => {
    expect(declarationOf(Base, none)?.mask.get('iban')).toBeUndefined();
    expect(declarationOf(Masked, none)?.mask.get('iban')).toBeUndefined();
    expect(declarationOf(Base, none)?.maskAll).toBeUndefined();
  });

  it('take a subclass out, and a subclass of that in again', () => {
    expect(declarationOf(Ignored, none)).toMatchObject({ ignored: true });
    expect(declarationOf(AuditedAgain, none)).toMatchObject({ ignored: false, audited: { name: 'again' } });
  });

  it('mask a whole class', () => {
    expect(declarationOf(Masked, none)?.maskAll).toBe('hash');
  });
});

describe('decorators on TC39 classes', () => {
  it('declare, are inherited and win as on legacy classes', async () => {
    const classes = await tc39(`
      @Audited({ name: 'base', exact: true })
      class Base {
        @AuditMask() secret;
        @AuditIgnore() cache;
        @AuditIgnore() accessor counter = 0;
      }
      class Child extends Base {
        @AuditMask(false) secret;
        @AuditMask('last4') iban;
      }
      @AuditIgnore() class Ignored extends Base {}
      @Audited() class AuditedAgain extends Ignored {}
      @AuditMask('hash') class Masked extends Base {}
      class Plain {}
      return { Base, Child, Ignored, AuditedAgain, Masked, Plain };
    `);
    expect(declarationOf(classOf(classes, 'Base'), none)).toEqual({
      audited: { name: 'base', exact: true },
      ignored: false,
      ignore: new Set(['cache', 'counter']),
      mask: new Map([['secret', 'redact']]),
    });
    expect(declarationOf(classOf(classes, 'Child'), none)).toMatchObject({
      audited: { exact: true },
      mask: new Map<string, string | boolean>([
        ['secret', false],
        ['iban', 'last4'],
      ]),
    });
    expect(declarationOf(classOf(classes, 'Ignored'), none)).toMatchObject({ ignored: true });
    expect(declarationOf(classOf(classes, 'AuditedAgain'), none)).toMatchObject({ ignored: false });
    expect(declarationOf(classOf(classes, 'Masked'), none)).toMatchObject({ maskAll: 'hash' });
    expect(declarationOf(classOf(classes, 'Plain'), none)).toBeUndefined();
  });

  it('say what is missing where there is no decorator metadata', () => {
    const decorate = AuditMask();
    expect(() => decorate(undefined, { kind: 'field', name: 'iban' })).toThrow(AuditConfigurationError);
    expect(() => decorate(undefined, { kind: 'field', name: 'iban' })).toThrow(
      /@AuditMask\(\) on iban.*Symbol\.metadata/,
    );
  });
});

describe('decorators that cannot be are refused where they stand', () => {
  it.each([
    [
      'an unknown option',
      () => Audited({ nmae: 'x' } as object),
      /@Audited\(\) does not know the option "nmae".*name, exact, partOf/,
    ],
    [
      'an invalid value',
      () => Audited({ exact: 'yes' } as object),
      /option "exact" of @Audited\(\).*true or false/,
    ],
    [
      'an unknown mask',
      () => AuditMask('blur' as 'hash'),
      /does not know the kind "blur".*redact, last4, hash, false/,
    ],
    ['@Audited() on a property', () => Audited()(Plain.prototype, 'iban'), /stands on the property "iban"/],
    ['@AuditMask(false) on a class', () => AuditMask(false)(Plain), /stands on a class.*each property/],
  ])('%s', (_title, decorate, message) => {
    expect(decorate).toThrow(AuditConfigurationError);
    expect(decorate).toThrow(message);
  });
});

describe('auditPolicy', () => {
  it('wins over the decorators of the same class and is inherited like them', () => {
    const policy = auditPolicy(Base, { name: 'renamed', mask: { cache: 'hash', secret: false } });
    const policies = new Map([[policy.entity as object, policy.declaration]]);
    expect(declarationOf(Base, policies)).toMatchObject({
      audited: { name: 'renamed', exact: true },
      mask: new Map<string, string | boolean>([
        ['secret', false],
        ['cache', 'hash'],
      ]),
    });
    expect(declarationOf(Child, policies)?.mask.get('cache')).toBe('hash');
  });

  it('takes masks that are undefined for not given', () => {
    const mask = { secret: undefined } as unknown as { secret: 'hash' };
    expect(auditPolicy(Base, { mask }).declaration.mask.size).toBe(0);
  });

  it.each([
    ['an option that does not exist', { masks: {} }, /auditPolicy\(Base\) does not know the option "masks"/],
    ['a mask that does not exist', { mask: { secret: 'blur' } }, /does not know the mask "blur" of "secret"/],
    ['a name that is no text', { name: 7 }, /option "name" of auditPolicy\(Base\).*a text/],
    ['an ignore that is no array', { ignore: 'cache' }, /option "ignore" of auditPolicy\(Base\).*an array/],
  ])('refuses %s', (_title, options, message) => {
    expect(() => auditPolicy(Base, options as object)).toThrow(AuditConfigurationError);
    expect(() => auditPolicy(Base, options as object)).toThrow(message);
  });
});
