import { describe, expect, it } from '@jest/globals';
import { isSecretName } from './secret-names.js';

const secret =
  `password Password PASSWORD user_password userPassword userpassword password1 newPassword passwords
  passwd pwd dbPwd passphrase passcode secret client-secret clientSecret CLIENT_SECRET clientsecret mfaSecret mfa
  webhookSecret webhook_secret token accessToken access_token refreshToken id-token idToken authToken authtoken
  apiToken resetPasswordToken tokens apiKey api_key API-KEY apikey x-api-key apiKeys stripeAPIKey authorization
  Authorization cookie Cookie set-cookie cookies session sessionId session_id sessionToken sessionid csrf csrfToken xsrf
  otp otpCode totp totpSecret totpSeed oneTimePassword pin PIN pinCode userPin pin_hash cvv cvv2 cvc cardCvc cardNumber
  card_number cardnumber creditCardNumber pan PAN cardPan iban IBAN iBAN customerIban ssn SSN socialSecurityNumber
  privateKey private_key privatekey sshPrivateKey salt passwordSalt passwordHash password_hash passwordhash
  hashedPassword pwdHash recoveryCode recoveryCodes backup_codes backupCode seedPhrase seed_phrase seed mnemonic
  connectionString connection_string connectionstring databaseUrl secretKey accessKey aws_secret_access_key jwt
  bearerToken credentials Passwort.password contraseña_password`.split(/\s+/);

const harmless =
  `tokenizer pinned panel shipping spinner tokenCount company sessionCount opinion secretary isPinned
  pinColor spanish companyName pantry tokenization secretariat status name email title price address id type session_count
  key keyboard monkey primaryKey foreignKey hash commitHash checksum code postalCode countryCode card cardHolder
  cardType seedling author authority authored authorId cookieConsent passwordChangedAt hasPassword isPasswordSet
  tokenExpiresAt tokenType token_count maxTokens sessionTitle trainingSession saltContent salty assault result
  ssnVerified pineapple option spin options number accountNumber description sort passenger passport compass class
  hotpot dessert`.split(/\s+/);

describe('isSecretName', () => {
  it.each(secret)('%s is secret', (name) => {
    expect(isSecretName(name)).toBe(true);
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
