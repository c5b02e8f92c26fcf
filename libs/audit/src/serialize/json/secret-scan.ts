import type { JsonObject, JsonValue } from '../../model/json.js';
import { type SecretNameOptions, SecretNames } from '../text/secret-names.js';
import { MASKED_TEXT, type SecretTextKind, SecretTexts } from '../text/secret-texts.js';
import { isJsonArray, isJsonObject, objectFromPairs } from './json-shape.js';
import { maskValue } from './mask.js';
import { readTag } from './value-tags.js';

/** The secrets that an application adds or removes. */
export interface SecretOptions extends SecretNameOptions {
  /** Texts that are secret by their look, whatever they are called. */
  readonly texts?: readonly SecretTextKind[];
}

/** Members of an object that may name what another one holds. */
export const NAMES: ReadonlySet<string> = new Set(
  'key name field header property param parameter variable attribute setting option'.split(' '),
);
/** Members that hold what another one names. */
export const VALUES: ReadonlySet<string> = new Set(
  'value values val content data before after old new oldValue newValue from to'.split(' '),
);
const CONTAINERS: ReadonlySet<string> = new Set(['$object', '$map', '$set']);
const SECRET = maskValue('redact', '', undefined);

/** How secrets are hidden. */
interface Hiding {
  /** The stand-in for a value by its name. */
  readonly secret: JsonValue;
  /** The same text where there is nothing to hide. */
  readonly text: (text: string) => JsonValue;
  /** False for JSON whose encoder has looked at the names of members. */
  readonly looksAtMembers: boolean;
  /** Whether objects may be tags of the trail. */
  readonly hasTags: boolean;
}

/** Hides secrets that a value says of itself to be some: by names that are data, and by the look of texts. */
export class SecretScan {
  readonly names: SecretNames;
  readonly texts: SecretTexts;
  private readonly ofValues: Hiding;
  private readonly ofNotes: Hiding;

  constructor({ texts = ['url'], ...names }: SecretOptions = {}) {
    this.names = new SecretNames(names);
    this.texts = new SecretTexts(texts, this.names.isSecret);
    this.ofValues = {
      secret: SECRET,
      text: (text) => (this.texts.isSecret(text) ? SECRET : text),
      looksAtMembers: false,
      hasTags: true,
    };
    this.ofNotes = {
      secret: MASKED_TEXT,
      text: (text) => this.texts.masked(text),
      looksAtMembers: true,
      hasTags: false,
    };
  }

  /** For the encoder: what stands in place of a member of an object. */
  readonly maskOfKey = (key: string): JsonValue | undefined =>
    this.names.isSecret(key) ? SECRET : undefined;

  /** The same value where there is nothing to hide. Names of members are not looked at: the encoder has. */
  hide(value: JsonValue): JsonValue {
    return this.hideBy(this.ofValues, value);
  }

  /** The same for JSON that is for people and never decoded, such as metadata: `[masked]` stands for what is hidden. */
  hideInNotes(value: JsonObject): JsonObject {
    return this.hideInMembers(this.ofNotes, value) as JsonObject;
  }

  private hideBy(hiding: Hiding, value: JsonValue): JsonValue {
    if (typeof value === 'string') {
      return hiding.text(value);
    }
    if (typeof value === 'number') {
      return this.texts.isSecretNumber(value) ? hiding.secret : value;
    }
    if (isJsonArray(value)) {
      return this.hideInItems(hiding, value);
    }
    return isJsonObject(value) ? this.hideInMembers(hiding, value) : value;
  }

  private hideInItems(hiding: Hiding, items: readonly JsonValue[]): JsonValue {
    const arePairs = items.length > 0 && items.every(isPair);
    const isHeaderLine = (at: number) => at > 0 && this.isHeader(items[at - 1]);
    const hidden = items.map((item, at) => {
      if (arePairs && isPair(item) && this.names.isSecret(item[0])) {
        return [item[0], hiding.secret];
      }
      return typeof item === 'string' && isHeaderLine(at) ? hiding.secret : this.hideBy(hiding, item);
    });
    return hidden.every((item, at) => item === items[at]) ? items : hidden;
  }

  private hideInMembers(hiding: Hiding, value: JsonObject): JsonValue {
    const members = Object.entries(value);
    const isNamedSecret = members.some(
      ([key, name]) => NAMES.has(key) && typeof name === 'string' && this.names.isSecret(name),
    );
    const isSecret = (key: string) =>
      (isNamedSecret && VALUES.has(key)) || (hiding.looksAtMembers && this.names.isSecret(key));
    const hidden = members.map(([key, member]) => {
      const shown = member !== null && isSecret(key) ? hiding.secret : this.hideBy(hiding, member);
      return [key, shown] as const;
    });
    if (hidden.every(([key, member]) => member === value[key])) {
      return value;
    }
    const tag = hiding.hasTags ? readTag(value)?.name : undefined;
    // A tag that is not a container is one value, of which no part can be left.
    return tag === undefined || CONTAINERS.has(tag) ? objectFromPairs(hidden) : hiding.secret;
  }

  /** In a flat list of names and values, as Node has them; a list of names seldom has one of these. */
  private isHeader(item: JsonValue | undefined): boolean {
    return (
      typeof item === 'string' &&
      /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]+)$/i.test(item) &&
      this.names.isSecret(item)
    );
  }
}

function isPair(item: JsonValue): item is readonly [string, JsonValue] {
  return isJsonArray(item) && item.length === 2 && typeof item[0] === 'string';
}
