import { describe, expect, it } from '@jest/globals';
import { SecretNames } from './secret-names.js';

const { isSecret: isSecretName } = new SecretNames();

const secret =
  `password Password PASSWORD user_password userPassword userpassword password1 newPassword passwords
  passwd pwd dbPwd passphrase passcode secret client-secret clientSecret CLIENT_SECRET clientsecret mfaSecret mfa
  webhookSecret webhook_secret token accessToken access_token refreshToken id-token idToken authToken authtoken
  apiToken resetPasswordToken tokens apiKey api_key API-KEY apikey x-api-key apiKeys stripeAPIKey authorization
  Authorization cookie Cookie set-cookie sessionCookies session sessionId session_id sessionToken sessionid csrf csrfToken xsrf
  otp otpCode totp totpSecret totpSeed oneTimePassword pin PIN pinCode userPin pin_hash cvv cvv2 cvc cardCvc cardNumber
  card_number cardnumber creditCardNumber pan PAN cardPan iban IBAN iBAN customerIban ssn SSN socialSecurityNumber
  privateKey private_key privatekey sshPrivateKey salt passwordSalt passwordHash password_hash passwordhash
  hashedPassword pwdHash recoveryCode recoveryCodes backup_codes backupCode seedPhrase seed_phrase seed mnemonic
  connectionString connection_string connectionstring databaseUrl secretKey accessKey aws_secret_access_key jwt
  bearerToken credentials Passwort.password contraseña_password
  dbPass db_pass DB_PASS dbpass userPass smtpPass smtp_pass redisPass adminPass rootPass ftpPass ldapPass mailPass wifiPass
  oldPass newPass confirmPass pass userPw adminPw dbPw db_pw pw pword pswd psw passWord pass_word pass-word PASS_WORD
  PASSWORD_2 password2 mysqlPassword pgPassword PGPASSWORD MYSQL_ROOT_PASSWORD keystorePass truststore_pass certPass
  sshKey ssh_key sshkey SSH_KEY gpgKey pgpKey hmacKey aesKey rsaKey signingKey encryptionKey decryptionKey encryptKey
  masterKey sharedKey webhookKey serviceKey licenseKey licence_key activationKey deployKey cryptoKey cipherKey walletKey
  appKey app_key consumerKey stripeKey sendgridKey twilioKey openaiKey OPENAI_API_KEY anthropicKey githubKey vapidKey
  authKey auth_key sessionKey jwtKey tlsKey sslKey serverKey adminKey sasKey wpaKey wifiKey networkKey presharedKey psk
  privKey priv_key privkey pkey keyStore keyFile recoveryKey mfaKey totpKey otpKey cookieKey
  connStr connstr conn_str connString dbUrl db_url DB_URI mongoUri mongodbUrl redisUrl amqpUrl jdbcUrl dsn DSN sentryDsn
  databaseDsn webhookUrl smtpUrl brokerUrl databaseUri
  magicLink magic_link magiclink loginLink resetLink resetUrl inviteLink invitationUrl signInLink signinLink presignedUrl
  signedUrl sasUrl activationLink verificationLink confirmationUrl recoveryLink unlockLink
  smsCode sms_code smscode authCode verifyCode verificationCode confirmationCode confirmCode securityCode resetCode
  loginCode unlockCode inviteCode invitationCode activationCode doorCode alarmCode entryCode gateCode accessCode twoFactorCode
  mfaCode 2faCode 2fa_secret deviceCode puk pukCode safeCode
  creds dbCreds awsCreds userCreds credential basicAuth basic_auth httpAuth authHeader authorizationHeader bearer
  xsrfToken csrf_token accessTkn tkn apiTokens oauthToken oauth2Token refresh_tokens fcmToken pushToken deviceToken
  phpsessid PHPSESSID jsessionid JSESSIONID connect.sid connectSid sessId sess_id aspsessionid
  cardNum card_num ccNumber cc_number ccnum creditCardNo creditCard debitCard paymentCardNumber cardCvv ccCvv securityAnswer
  secretAnswer secretQuestion recoveryPhrase recovery_phrase backupPhrase seedWords seedWord mnemonicPhrase
  socialSecurity nationalInsuranceNumber nino aadhaar aadhaarNumber passportNumber passport_no driversLicenseNumber
  bankAccountNumber bankAccount passwort kennwort contraseña contrasena motDePasse senha wachtwoord heslo haslo пароль salasana
  lösenord passHash pinHash pin_hash pwdHash passwordDigest secretHash totpSeed mfaSeed twoFactorSeed samlResponse
  samlAssertion kubeconfig htpasswd netrc apiSecret api_secret appSecret consumer_secret clientSecrets sharedSecret
  stripeSecret webhookSigningSecret jwtSecret JWT_SECRET sessionSecret cookieSecret userSecret onetimepassword`.split(
    /\s+/,
  );

const harmless =
  `tokenizer pinned panel shipping spinner tokenCount company sessionCount opinion secretary isPinned
  pinColor spanish companyName pantry tokenization secretariat status name email title price address id type session_count
  key keyboard monkey primaryKey foreignKey hash commitHash checksum code postalCode countryCode card cardHolder
  cardType seedling author authority authored authorId cookieConsent passwordChangedAt hasPassword isPasswordSet
  tokenExpiresAt tokenType token_count maxTokens sessionTitle trainingSession saltContent salty assault result
  ssnVerified pineapple option spin options number accountNumber description sort passenger passport compass class
  hotpot dessert
  csrfExempt promptTokens prompt_tokens completionTokens inputTokens outputTokens cachedTokens totalTokens remainingTokens
  tokenPrice tokenCost token_price tokenBudget tokenUsage designTokens syntaxToken mapPin map_pin dropPin locationPin gpioPin
  ledPin hairPin cookies fortuneCookie chocolateCookies cookieBanner cookiePolicy fryingPan seaSalt tableSalt randomSeed
  boardingPass busPass skiPass seasonPass dayPass firstPass bandPass passCount passRate bypass passage passed passing
  overpass surpass passive passion encompass passkeys passableRoad
  partitionKey sortKey cacheKey cache_key rowKey objectKey idempotencyKey naturalKey businessKey groupKey lookupKey
  translationKey i18nKey storageKey publicKey public_key keyName keyboardLayout monkeyKey hotkey turkey donkey keynote
  discountCode promoCode statusCode errorCode currencyCode languageCode zipCode areaCode productCode colorCode sourceCode
  qrCode barcode dressCode encode decode codec costCode airportCode
  profileLink externalLink imageUrl avatarUrl homepageUrl websiteUrl callbackUrl redirectUri documentUrl linkText
  passwordPolicy passwordStrength passwordRequired password_required passwordExpiresAt passwordAge passwordLength
  secretCount secretName credentialType credentialsCount sessionCount sessionTimeout sessionStart sessionDuration
  pinEnabled pinRequired cardStatus cardBrand cardExpiry cardholderName discard postcard wildcard scorecard cardinality
  accountName accountType bankName bankCode bankHoliday routingTable ibanVerified
  authorName authorizedAt authorizationStatus authProvider authMethod authenticated authentic auto automation
  tokenName tokenVersion tokenStatus hasToken isSecret needsPassword requiresPin allowCookies maxPasswordAge
  seeded seedlings seedDate seedCount saltwater salted asphalt pinterest pinpoint opinions spinach shipping companies
  panda panels expand spandex japan tipp
  signature signedAt signatureDate hashtag hashCode contentHash fileHash checksums nonce
  credit creditLimit creditNote debitNote accredited incredible creditor
  answer securityLevel securityGroup socialMedia nationality national insuranceNumber
  recoveryTime backupDate backups recoveryRate restore phrase word words sidebar inside residence presidents aside
  envelope environment development secretaryName passenger_count compassion compasses embassy classroom
  dsnow consumer stringLength connection connectionType connectionCount databaseName hostUrl
  loginCount loginAt lastLogin inviteCount invitedBy resetAt verifiedBy verification confirmedAt activationDate`.split(
    /\s+/,
  );

const words = (name: string): readonly string[] =>
  name
    .split(/(?<=\p{Ll}|\d)(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|[^\p{L}\d]+/u)
    .filter((word) => word !== '');
const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
const joined = (name: string, separator: string) => words(name).join(separator).toLowerCase();

/** Every name of both lists in every way in which code, columns, headers and environments spell names. */
const SPELLINGS: readonly (readonly [way: string, spelling: (name: string) => string])[] = [
  [
    'camel case',
    (name) =>
      words(name)
        .map((word, at) => (at === 0 ? word.toLowerCase() : capital(word)))
        .join(''),
  ],
  ['Pascal case', (name) => words(name).map(capital).join('')],
  ['snake case', (name) => joined(name, '_')],
  ['constant case', (name) => joined(name, '_').toUpperCase()],
  ['kebab case', (name) => joined(name, '-')],
  ['header case', (name) => words(name).map(capital).join('-')],
  ['dots', (name) => joined(name, '.')],
  ['spaces', (name) => joined(name, ' ')],
  ['camel case with a digit', (name) => `${name}2`],
  ['snake case with digits', (name) => `${joined(name, '_')}_01`],
  ['kebab case with digits between', (name) => joined(name, '-7-')],
  ['underscores around it', (name) => `_${name}_`],
];

describe('a name', () => {
  it.each(secret)('%s is secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it('is tried with at least 300 that are secret and 300 that are not', () => {
    // In one spelling each.
    const distinct = (names: readonly string[]) =>
      new Set(names.map((name) => name.replaceAll(/[^\p{L}\d]/gu, '').toLowerCase())).size;
    expect(distinct(secret)).toBeGreaterThanOrEqual(300);
    expect(distinct(harmless)).toBeGreaterThanOrEqual(300);
    expect(secret.filter((name) => harmless.includes(name))).toEqual([]);
  });

  it.each(SPELLINGS)('is judged alike in %s', (_, spelling) => {
    const judged = (names: readonly string[], verdict: boolean) =>
      names.map(spelling).filter((name) => isSecretName(name) !== verdict);
    expect(judged(secret, true)).toEqual([]);
    expect(judged(harmless, false)).toEqual([]);
  });

  it.each(harmless)('%s is not secret', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  it.each(['', '_', '$', '123', '\0', '\ud800', '💥', '__proto__', 'constructor'])(
    '%j is not secret',
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );

  it('takes time in proportion to the length of the name', () => {
    // Of this process: on a busy machine others take their time, too.
    const started = process.cpuUsage();
    for (const part of ['A', 'a', 'aA', '_', 'A_', 's']) {
      expect(isSecretName(part.repeat(200_000))).toBe(false);
    }
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(5_000);
  });
});

describe('an application', () => {
  it('adds words, alone or run together', () => {
    const { isSecret } = new SecretNames({ words: ['badge', 'door_chip', 'Fallnummer'] });
    for (const name of [
      'badge',
      'staffBadge',
      'badge_count',
      'doorChip',
      'DOOR-CHIP',
      'doorchip',
      'fallNummer',
    ]) {
      expect([name, isSecret(name)]).toEqual([name, true]);
    }
    expect([isSecret('door'), isSecret('chip'), isSecret('password')]).toEqual([false, false, true]);
  });

  it('takes words out, and nothing else', () => {
    const { isSecret } = new SecretNames({ except: ['iban', 'inviteCode'] });
    for (const name of ['iban', 'customerIban', 'inviteCode', 'invite_code']) {
      expect([name, isSecret(name)]).toEqual([name, false]);
    }
    expect([isSecret('smsCode'), isSecret('pin')]).toEqual([true, true]);
  });
});
