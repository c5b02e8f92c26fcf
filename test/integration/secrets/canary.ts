/** No canary may leave its place, and each says by itself where it was planted. */
const CANARY = /CNRY-[a-z0-9]+/gi;
const planted = new Set<string>();

/** A secret for a place, which is named in letters and digits. */
export function canary(place: string): string {
  const name = `CNRY-${place}`;
  planted.add(name.toLowerCase());
  return name;
}

/** A URL whose password is one. */
export const url = (place: string): string => `postgres://app:${canary(place)}@db.example/app`;

/** A token that only its look tells. */
export const jwt = (place: string): string =>
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0${Buffer.from('"x"').toString('base64url')}.${canary(place)}`;

export const pem = (place: string): string =>
  `-----BEGIN PRIVATE KEY-----\n${canary(place)}\n-----END PRIVATE KEY-----`;

/** Two numbers that only their check digit tells. */
export const CARDS = ['4111 1111 1111 1111', '5555555555554444'];

/** The canaries in a text. */
export function canariesIn(text: string): readonly string[] {
  const cards = CARDS.filter((card) => text.includes(card) || text.includes(card.replaceAll(' ', '')));
  return [...new Set([...(text.match(CANARY) ?? []), ...cards])].sort();
}

/** How many are planted so far. */
export const plantedCanaries = (): number => planted.size;

/** JSON with secrets by the names of members, of things beside them, and by their look, at some depth. */
export function poisonedJson(place: string): Record<string, unknown> {
  const at = (name: string) => canary(`${place}${name}`);
  return {
    open: 'seen',
    password: at('member'),
    DB_PASS: at('constant'),
    'pass-word': { deep: [at('kebab')] },
    nested: [{ deep: { ssh_key2: at('snake'), connStr: [at('list')] } }],
    settings: [
      { key: 'password', value: at('pair') },
      { name: 'apiKey', old: at('old'), new: at('new') },
    ],
    entries: [
      ['authorization', at('entry')],
      ['host', 'seen'],
    ],
    rawHeaders: ['Authorization', at('header'), 'Host', 'seen', 'X-Api-Key', at('raw')],
    link: `see ${url(`${place}link`)} for more`,
    signed: `https://cdn.example/a?X-Amz-Signature=${at('signed')}`,
    carried: { text: jwt(`${place}jwt`) },
    file: pem(`${place}pem`),
    paid: CARDS[0],
    error: {
      message: `connect ${url(`${place}error`)} failed`,
      cause: { message: `GET https://api.example/?access_token=${at('cause')}` },
    },
  };
}
