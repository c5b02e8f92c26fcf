const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Secret wherever they stand in a name, alone or run together with other words. */
export const SECRET_WORDS = list(`
  password passwd passwort passwrd pword pswd psw pwd passphrase passcode kennwort geheimzahl contrasena contraseña senha
  wachtwoord heslo haslo hasło parola salasana lösenord losenord пароль motdepasse
  secret token tkn jwt credential cred authorization otp totp hotp cvv cvc csc iban ssn mnemonic psk nino aadhaar
  htpasswd kubeconfig netrc csrf xsrf`);

/** Secret at the end of a name that is written in one: `dbpassword`, `authtoken`. Ordinary words do not end like this. */
export const SECRET_ENDINGS = list(
  'password passwd passphrase secret token apikey cookie credential passwort',
);

/** Secret as the last word of a name or before a word for its value, unless another word says that it is something else. */
export const SECRET_NOUNS = list('pin cookie salt pepper pan pw dsn puk');
export const VALUE_WORDS = list('code hash number no value header encrypted plain id key');

/** Secret only when they are the whole name. */
export const SECRET_NAMES = list(
  'session seed mfa auth bearer pem sid pass creds phpsessid jsessionid sessid pkey',
);

/** Each word before stands with each after: `sshKey`, `smsCode`, `magicLink`. */
const COMBINATIONS: readonly (readonly [before: string, after: string])[] = [
  [
    `db database user usr smtp imap pop mail email admin root login auth ftp sftp ssh redis mysql mariadb postgres postgre pg
    mongo mongodb rabbit rabbitmq amqp mqtt kafka ldap wifi wlan proxy old new current confirm repeat account http basic sudo
    master app service api client server key keystore truststore cert certificate pdf zip vpn router snmp sip temp tmp default
    my guest access oracle mssql sql jdbc elastic elasticsearch solr nexus npm docker registry git jenkins backup sync`,
    'pass pw',
  ],
  [
    `ssh api secret private priv signing signature encryption encrypt decryption decrypt master shared access session auth
    authentication hmac aes rsa ecdsa ed pgp gpg webhook service license licence activation deploy crypto cipher wallet seed
    recovery mfa otp totp jwt jws jwe consumer app application stripe sendgrid twilio openai anthropic aws gcp azure google
    slack github gitlab firebase mailgun mailchimp algolia datadog sentry paypal wpa wep wifi network preshared kms vault
    ssl tls server admin root bearer cookie salt hash tsig dkim vapid fcm apns push sas`,
    'key pem',
  ],
  [
    `sms otp mfa auth authorization verification verify confirmation confirm security recovery backup pin access time reset unlock login
    signin factor fa invite invitation door alarm entry activation pass puk card device totp magic gate locker safe`,
    'code',
  ],
  [
    `magic login signin reset invite invitation activation verification confirmation recovery unlock presigned signed sas
    impersonation onetime`,
    'link url uri',
  ],
  [
    'connection conn connect database db mongo mongodb redis amqp rabbitmq postgres pg mysql jdbc webhook smtp broker',
    'string str uri url dsn',
  ],
  ['session sess php connect aspsession', 'id sid token key cookie hash'],
  ['password pass passwd pwd pw pin secret', 'hash digest salt'],
  ['card cc creditcard debitcard credit debit payment', 'number num no nr pan cvv cvc'],
  ['credit debit', 'card'],
  ['seed recovery backup mnemonic secret', 'phrase words word codes'],
  ['social national', 'security securitynumber insurance insurancenumber'],
  ['passport driverlicense driverslicense drivinglicence nationalid personalid taxpayer', 'number no nr'],
  ['bank', 'accountnumber account'],
  ['basic http proxy', 'auth authorization'],
  ['auth authorization', 'header headers'],
  ['security secret', 'answer'],
  ['mfa totp two twofactor', 'seed key factor'],
  ['saml', 'response assertion'],
  ['onetime', 'password code pin'],
  ['set', 'cookie'],
  ['key', 'store file'],
];

/** Consecutive words, run together. `accesskey` and `access_key` are the same name. */
export const SECRET_PHRASES: ReadonlySet<string> = new Set(
  COMBINATIONS.flatMap(([before, after]) =>
    list(before).flatMap((one) => list(after).map((other) => one + other)),
  ),
);

/** A name that ends or begins like this speaks about a secret and does not hold one: `tokenCount`, `hasPassword`. */
export const ABOUT_ENDINGS = list(`
  count counts length size limit at on date time age ttl expires expiry expiration timeout type name status state policy
  required enabled disabled attempts tries rounds strength issuer provider algorithm format version consent usage used
  budget verified changed updated created revoked expired exempt price cost fee rate total sum model color colour label
  title description position rotation rotated support supported valid validator field fields length mode scope scopes class
  kind template banner category categories index prefix order`);
export const ABOUT_BEGINNINGS = list(
  'is has have had needs requires require must can allow allows use uses max min total num show hide enable disable',
);

/** Before a word that is secret elsewhere, it is something else: `mapPin`, `promptTokens`, `boardingPass`. */
export const OTHER_MEANINGS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'pin',
    list(
      'map drop location gpio led board lapel header bowling rolling push hair safety chip power data ground',
    ),
  ],
  [
    'token',
    list(
      'prompt completion input output cached cache reasoning used remaining max total llm design syntax lexer parser nft',
    ),
  ],
  ['cookie', list('fortune chocolate oat')],
  ['pan', list('frying bed sauce peter zoom mouse drag')],
  ['salt', list('sea table rock')],
  ['seed', list('random')],
  ['pepper', list('bell black red chili')],
]);
