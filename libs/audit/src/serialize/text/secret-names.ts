// Words that make a name secret wherever they stand in it.
const secretWords = new Set(
  `password passwd pwd passphrase passcode secret token jwt authorization csrf xsrf otp totp hotp cvv cvc csc iban ssn
  credential mnemonic apikey`.split(/\s+/),
);

// Endings of a run-together lower-case word (`authtoken`, `dbpassword`) that no ordinary word has.
const secretEnding = /(?:password|passwd|passphrase|passcode|secret|token|apikey|cookie|credential)$/;

// Words that are secret only as the last word of a name or before one of `valueWords`: `userPin`, not `pinColor`.
const secretNouns = new Set(['pin', 'cookie', 'salt', 'pan']);
const valueWords = new Set('code hash number no value header encrypted plain id key'.split(' '));

// Words that are secret only when they are the whole name.
const secretNames = new Set(['session', 'seed', 'mfa', 'auth', 'bearer', 'pem', 'sid']);

// Consecutive words, run together. `accesskey` and `access_key` are the same name.
const secretPhrases = new Set(
  `accesskey secretkey privatekey signingkey encryptionkey masterkey sharedkey cardnumber cardno cardpan creditcard
  sessionid sessiontoken sessionkey sessioncookie passwordhash pwhash passhash mfacode mfakey mfaseed recoverycode
  backupcode authcode authheader seedphrase seedword walletseed connectionstring connectionuri connectionurl
  databaseurl socialsecurity iban pinhash pincode apikey onetimecode securitycode verificationcode`.split(
    /\s+/,
  ),
);
const longestPhrase = 4;

// A name that ends or begins like this speaks about a secret and does not hold one: `tokenCount`, `hasPassword`.
const aboutEndings = new Set(
  `count counts length size limit at on date time age ttl expires expiry expiration timeout type name status state
  policy required enabled disabled attempts tries rounds strength issuer provider algorithm format version consent
  usage used budget verified changed updated created revoked expired`.split(/\s+/),
);
const aboutBeginnings = new Set(
  'is has have needs requires require must can allow use max min total num'.split(' '),
);

const wordBoundary = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|[^\p{L}]+/u;

/**
 * True when a property of this name probably holds a secret: a password, token, key, one-time code, card number and
 * the like. Case and separators do not matter (`apiKey`, `api_key`, `API-KEY`, `apikey`), words do: `pinned`,
 * `tokenizer` and `company` are not secret. In doubt it answers true, because a masked value can be found elsewhere
 * and a leaked one cannot be called back. Costs about a microsecond; see `rememberedSecretNames()`.
 */
export function isSecretName(name: string): boolean {
  const words = name
    .split(wordBoundary)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined || aboutBeginnings.has(first) || aboutEndings.has(last)) {
    return false;
  }
  if (words.length === 1 && secretNames.has(first)) {
    return true;
  }
  return words.some((_, index) => isSecretAt(words, index));
}

/** Names in data have no end, so the memory starts anew when it is full. */
const MAX_REMEMBERED = 1_000;

/** `isSecretName` with a memory of its own, for those who ask often. */
export function rememberedSecretNames(): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const answer = known.get(name);
    if (answer !== undefined) {
      return answer;
    }
    if (known.size >= MAX_REMEMBERED) {
      known.clear();
    }
    const isSecret = isSecretName(name);
    known.set(name, isSecret);
    return isSecret;
  };
}

function isSecretAt(words: readonly string[], index: number): boolean {
  const word = singular(words[index] ?? '');
  if (secretWords.has(word) || secretEnding.test(word)) {
    return true;
  }
  const next = words[index + 1];
  if (secretNouns.has(word) && (next === undefined || valueWords.has(next))) {
    return true;
  }
  let phrase = '';
  for (const part of words.slice(index, index + longestPhrase)) {
    phrase += part;
    if (secretPhrases.has(phrase) || secretPhrases.has(singular(phrase))) {
      return true;
    }
  }
  return false;
}

function singular(word: string): string {
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
