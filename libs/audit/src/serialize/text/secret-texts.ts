/** Secrets that a text shows by its look, whatever it is called. */
export const SECRET_TEXT_KINDS = ['url', 'jwt', 'private-key', 'api-key', 'card-number'] as const;

/** See `SECRET_TEXT_KINDS`: `url` means one with credentials. */
export type SecretTextKind = (typeof SECRET_TEXT_KINDS)[number];

export const JWT = /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/;
export const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
export const API_KEY =
  /(?<![A-Za-z0-9_])(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[\w-]{35}|glpat-[\w-]{20})(?![A-Za-z0-9])/;
export const CARD_NUMBER = /(?<![\d.,])[2-6](?:[ -]?\d){12,18}(?![\d.,]*\d)/g;
export const QUERY_PARAMETER = /[?&#;]([^=&#;\s]{1,64})=[^&#;\s]/g;
export const SIGNATURES: ReadonlySet<string> = new Set([
  'sig',
  'signature',
  'x-amz-signature',
  'x-goog-signature',
]);
/** The part between `://` and the path is not longer. */
const MAX_AUTHORITY = 1_024;
const WHOLE_PRIVATE_KEY = new RegExp(`${PRIVATE_KEY.source}[^]*?(?:-----END [A-Z0-9 ]+-----|$)`, 'g');
const QUERY_VALUE = /([?&#;])([^=&#;\s]{1,64})=[^&#;\s]+/g;
/** Stands for a secret in a text that is for people. */
export const MASKED_TEXT = '[masked]';

/** Tells texts that hold a secret. Takes time in proportion to their length. */
export class SecretTexts {
  readonly kinds: ReadonlySet<SecretTextKind>;

  constructor(
    kinds: readonly SecretTextKind[],
    private readonly isSecretName: (name: string) => boolean,
  ) {
    this.kinds = new Set(kinds);
  }

  readonly isSecret = (text: string): boolean => {
    const { kinds } = this;
    return (
      (kinds.has('url') && this.hasSecretUrl(text)) ||
      (kinds.has('jwt') && JWT.test(text)) ||
      (kinds.has('private-key') && PRIVATE_KEY.test(text)) ||
      (kinds.has('api-key') && API_KEY.test(text)) ||
      (kinds.has('card-number') && [...text.matchAll(CARD_NUMBER)].some(([number]) => isCardNumber(number)))
    );
  };

  /** The same text without its secrets, for people: each is `[masked]`, and all else stays. */
  masked(text: string): string {
    if (!this.isSecret(text)) {
      return text;
    }
    const { kinds } = this;
    let rest = kinds.has('url') ? this.withoutSecretUrls(text) : text;
    rest = kinds.has('private-key') ? rest.replaceAll(WHOLE_PRIVATE_KEY, MASKED_TEXT) : rest;
    rest = kinds.has('jwt') ? rest.replaceAll(new RegExp(JWT, 'g'), MASKED_TEXT) : rest;
    rest = kinds.has('api-key') ? rest.replaceAll(new RegExp(API_KEY, 'g'), MASKED_TEXT) : rest;
    rest = kinds.has('card-number')
      ? rest.replaceAll(CARD_NUMBER, (number) => (isCardNumber(number) ? MASKED_TEXT : number))
      : rest;
    // The rest may look like a secret once the part between is gone.
    return this.isSecret(rest.replaceAll(MASKED_TEXT, ' ')) ? MASKED_TEXT : rest;
  }

  isSecretNumber(value: number): boolean {
    return this.kinds.has('card-number') && Number.isSafeInteger(value) && isCardNumber(String(value));
  }

  private hasSecretUrl(text: string): boolean {
    let at = text.indexOf('://');
    if (at < 0) {
      return false;
    }
    for (; at >= 0; at = text.indexOf('://', at + 3)) {
      const [authority = ''] = text.slice(at + 3, at + 3 + MAX_AUTHORITY).split(/[\s/?#]/, 1);
      const [user = ''] = authority.includes('@') ? authority.split(/@(?=[^@]*$)/, 1) : [];
      if (/:./.test(user)) {
        return true;
      }
    }
    return [...text.matchAll(QUERY_PARAMETER)].some(([, name = '']) => this.isSecretParameter(name));
  }

  private withoutSecretUrls(text: string): string {
    const [start = '', ...rest] = text.split('://');
    const urls = rest.map((part) => {
      const [authority = ''] = part.slice(0, MAX_AUTHORITY).split(/[\s/?#]/, 1);
      const [user = ''] = authority.includes('@') ? authority.split(/@(?=[^@]*$)/, 1) : [];
      return /:./.test(user) ? `${MASKED_TEXT}${part.slice(user.length)}` : part;
    });
    return [start, ...urls]
      .join('://')
      .replaceAll(QUERY_VALUE, (all, sign: string, name: string) =>
        this.isSecretParameter(name) ? `${sign}${name}=${MASKED_TEXT}` : all,
      );
  }

  private isSecretParameter(name: string): boolean {
    return SIGNATURES.has(name.toLowerCase()) || this.isSecretName(name);
  }
}

/** By the check digit of Luhn. */
function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = place % 2 === 0 ? Number(digit) : Number(digit) * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return /^[2-6]/.test(digits) && digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
}
