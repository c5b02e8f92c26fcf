import { wordsOf } from '../serialize/text/secret-names.js';

/** Members of a user that can be a label. */
export const LABEL_MEMBERS = ['name', 'email'] as const;
type LabelMember = (typeof LABEL_MEMBERS)[number];

/** Things whose name is not that of a person. */
const THINGS: ReadonlySet<string> = new Set([
  'app',
  'bank',
  'bucket',
  'city',
  'class',
  'column',
  'country',
  'database',
  'directory',
  'domain',
  'event',
  'field',
  'file',
  'folder',
  'host',
  'path',
  'product',
  'queue',
  'region',
  'server',
  'street',
  'table',
]);

/** Names of properties whose values must not show in any other way either: masked ones, and those that leave no trace. */
export class HiddenNames {
  private readonly names = new Set<string>();
  private readonly labels = new Set<LabelMember>();

  add(name: string): void {
    this.names.add(name);
    const words = wordsOf(name);
    if (/mail/.test(words.join(''))) {
      this.labels.add('email');
    }
    if (words.some((word, index) => isNameOfPerson(word, words[index - 1]))) {
      this.labels.add('name');
    }
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** Whether a label of it could show what is hidden: `workEmail` and `e_mail` are emails, `fullName` and `surname` names. */
  hidesLabel(member: LabelMember): boolean {
    return this.labels.has(member);
  }
}

function isNameOfPerson(word: string, before = ''): boolean {
  const [, prefix] = /^(.*)names?$/.exec(word) ?? [];
  return prefix !== undefined && !THINGS.has(prefix || before);
}
