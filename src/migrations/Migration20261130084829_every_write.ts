import { Migration } from '@mikro-orm/migrations';

export class Migration20261130084829_every_write extends Migration {
  override name = 'Migration20261130084829_every_write';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_position" ("position" bigint not null, "change_id" bigint not null, primary key ("position"));`,
    );
    this.addSql(
      `comment on table "audit_position" is 'nestjs-mikro-audit: the order in which changes were committed';`,
    );
    this.addSql(
      `alter table "audit_position" add constraint "audit_position_change_idx" unique ("change_id");`,
    );

    this.addSql(
      `create table "audit_tick" ("number" bigint not null, "kind" text not null, "snapshot" pg_snapshot not null, "since" pg_snapshot null, "until_id" bigint null, "passed_id" bigint null, "size" bigint not null, "system_identifier" bigint not null, "taken_at" timestamptz(6) not null default clock_timestamp(), primary key ("number"));`,
    );
    this.addSql(
      `comment on table "audit_tick" is 'nestjs-mikro-audit: when positions were given out, and which transactions have theirs';`,
    );
    this.addSql(`create index "audit_tick_late_idx" on "audit_tick" ("number") where kind = 'late';`);

    this.addSql(`create or replace function "public"."audit_change_audit_careful_6eb91d84_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare changed jsonb := jsonb_build_object('before', new.before, 'after', new.after); place record; held jsonb; held_text text; safe jsonb;   audit_secret_words constant jsonb := '{"password":"ps","passwd":"ps","passwort":"ps","passwrd":"ps","pword":"p","pswd":"p","psw":"p","pwd":"p",
"passphrase":"ps","passcode":"ps","kennwort":"ps","geheimzahl":"ps","contrasena":"ps","contraseña":"ps",
"senha":"p","wachtwoord":"ps","heslo":"p","haslo":"p","hasło":"p","parola":"p","salasana":"ps","lösenord":"ps",
"losenord":"ps","пароль":"p","motdepasse":"ps","secret":"ps","token":"ps","tkn":"p","jwt":"p","credential":"ps",
"cred":"p","authorization":"ps","otp":"p","totp":"p","hotp":"p","cvv":"p","cvc":"p","csc":"p","iban":"p",
"ssn":"p","mnemonic":"ps","psk":"p","nino":"p","aadhaar":"ps","htpasswd":"ps","kubeconfig":"ps","netrc":"p",
"csrf":"p","xsrf":"p","dbpass":"p","dbpw":"p","databasepass":"ps","databasepw":"ps","userpass":"ps","userpw":"p",
"usrpass":"ps","usrpw":"p","smtppass":"ps","smtppw":"p","imappass":"ps","imappw":"p","poppass":"ps","poppw":"p",
"mailpass":"ps","mailpw":"p","emailpass":"ps","emailpw":"ps","adminpass":"ps","adminpw":"ps","rootpass":"ps",
"rootpw":"p","loginpass":"ps","loginpw":"ps","authpass":"ps","authpw":"p","ftppass":"ps","ftppw":"p",
"sftppass":"ps","sftppw":"p","sshpass":"ps","sshpw":"p","redispass":"ps","redispw":"ps","mysqlpass":"ps",
"mysqlpw":"ps","mariadbpass":"ps","mariadbpw":"ps","postgrespass":"ps","postgrespw":"ps","postgrepass":"ps",
"postgrepw":"ps","pgpass":"p","pgpw":"p","mongopass":"ps","mongopw":"ps","mongodbpass":"ps","mongodbpw":"ps",
"rabbitpass":"ps","rabbitpw":"ps","rabbitmqpass":"ps","rabbitmqpw":"ps","amqppass":"ps","amqppw":"p",
"mqttpass":"ps","mqttpw":"p","kafkapass":"ps","kafkapw":"ps","ldappass":"ps","ldappw":"p","wifipass":"ps",
"wifipw":"p","wlanpass":"ps","wlanpw":"p","proxypass":"ps","proxypw":"ps","oldpass":"ps","oldpw":"p",
"newpass":"ps","newpw":"p","currentpass":"ps","currentpw":"ps","confirmpass":"ps","confirmpw":"ps","repeatpass":"ps",
"repeatpw":"ps","accountpass":"ps","accountpw":"ps","httppass":"ps","httppw":"p","basicpass":"ps","basicpw":"ps",
"sudopass":"ps","sudopw":"p","masterpass":"ps","masterpw":"ps","apppass":"ps","apppw":"p","servicepass":"ps",
"servicepw":"ps","apipass":"ps","apipw":"p","clientpass":"ps","clientpw":"ps","serverpass":"ps","serverpw":"ps",
"keypass":"ps","keypw":"p","keystorepass":"ps","keystorepw":"ps","truststorepass":"ps","truststorepw":"ps",
"certpass":"ps","certpw":"p","certificatepass":"ps","certificatepw":"ps","pdfpass":"ps","pdfpw":"p","zippass":"ps",
"zippw":"p","vpnpass":"ps","vpnpw":"p","routerpass":"ps","routerpw":"ps","snmppass":"ps","snmppw":"p",
"sippass":"ps","sippw":"p","temppass":"ps","temppw":"p","tmppass":"ps","tmppw":"p","defaultpass":"ps",
"defaultpw":"ps","mypass":"p","mypw":"p","guestpass":"ps","guestpw":"ps","accesspass":"ps","accesspw":"ps",
"oraclepass":"ps","oraclepw":"ps","mssqlpass":"ps","mssqlpw":"ps","sqlpass":"ps","sqlpw":"p","jdbcpass":"ps",
"jdbcpw":"p","elasticpass":"ps","elasticpw":"ps","elasticsearchpass":"ps","elasticsearchpw":"ps","solrpass":"ps",
"solrpw":"p","nexuspass":"ps","nexuspw":"ps","npmpass":"ps","npmpw":"p","dockerpass":"ps","dockerpw":"ps",
"registrypass":"ps","registrypw":"ps","gitpass":"ps","gitpw":"p","jenkinspass":"ps","jenkinspw":"ps",
"backuppass":"ps","backuppw":"ps","syncpass":"ps","syncpw":"p","sshkey":"p","sshpem":"p","apikey":"ps",
"apipem":"p","secretkey":"ps","secretpem":"ps","privatekey":"ps","privatepem":"ps","privkey":"ps","privpem":"ps",
"signingkey":"ps","signingpem":"ps","signaturekey":"ps","signaturepem":"ps","encryptionkey":"ps","encryptionpem":"ps",
"encryptkey":"ps","encryptpem":"ps","decryptionkey":"ps","decryptionpem":"ps","decryptkey":"ps","decryptpem":"ps",
"masterkey":"ps","masterpem":"ps","sharedkey":"ps","sharedpem":"ps","accesskey":"ps","accesspem":"ps",
"sessionkey":"ps","sessionpem":"ps","authkey":"ps","authpem":"ps","authenticationkey":"ps","authenticationpem":"ps",
"hmackey":"ps","hmacpem":"ps","aeskey":"p","aespem":"p","rsakey":"p","rsapem":"p","ecdsakey":"ps","ecdsapem":"ps",
"edkey":"p","edpem":"p","pgpkey":"p","pgppem":"p","gpgkey":"p","gpgpem":"p","webhookkey":"ps","webhookpem":"ps",
"servicekey":"ps","servicepem":"ps","licensekey":"ps","licensepem":"ps","licencekey":"ps","licencepem":"ps",
"activationkey":"ps","activationpem":"ps","deploykey":"ps","deploypem":"ps","cryptokey":"ps","cryptopem":"ps",
"cipherkey":"ps","cipherpem":"ps","walletkey":"ps","walletpem":"ps","seedkey":"ps","seedpem":"ps","recoverykey":"ps",
"recoverypem":"ps","mfakey":"p","mfapem":"p","otpkey":"p","otppem":"p","totpkey":"ps","totppem":"ps",
"jwtkey":"p","jwtpem":"p","jwskey":"p","jwspem":"p","jwekey":"p","jwepem":"p","consumerkey":"ps","consumerpem":"ps",
"appkey":"p","apppem":"p","applicationkey":"ps","applicationpem":"ps","stripekey":"ps","stripepem":"ps",
"sendgridkey":"ps","sendgridpem":"ps","twiliokey":"ps","twiliopem":"ps","openaikey":"ps","openaipem":"ps",
"anthropickey":"ps","anthropicpem":"ps","awskey":"p","awspem":"p","gcpkey":"p","gcppem":"p","azurekey":"ps",
"azurepem":"ps","googlekey":"ps","googlepem":"ps","slackkey":"ps","slackpem":"ps","githubkey":"ps","githubpem":"ps",
"gitlabkey":"ps","gitlabpem":"ps","firebasekey":"ps","firebasepem":"ps","mailgunkey":"ps","mailgunpem":"ps",
"mailchimpkey":"ps","mailchimppem":"ps","algoliakey":"ps","algoliapem":"ps","datadogkey":"ps","datadogpem":"ps",
"sentrykey":"ps","sentrypem":"ps","paypalkey":"ps","paypalpem":"ps","wpakey":"p","wpapem":"p","wepkey":"p",
"weppem":"p","wifikey":"ps","wifipem":"ps","networkkey":"ps","networkpem":"ps","presharedkey":"ps","presharedpem":"ps",
"kmskey":"p","kmspem":"p","vaultkey":"ps","vaultpem":"ps","sslkey":"p","sslpem":"p","tlskey":"p","tlspem":"p",
"serverkey":"ps","serverpem":"ps","adminkey":"ps","adminpem":"ps","rootkey":"ps","rootpem":"ps","bearerkey":"ps",
"bearerpem":"ps","cookiekey":"ps","cookiepem":"ps","saltkey":"ps","saltpem":"ps","hashkey":"ps","hashpem":"ps",
"tsigkey":"ps","tsigpem":"ps","dkimkey":"ps","dkimpem":"ps","vapidkey":"ps","vapidpem":"ps","fcmkey":"p",
"fcmpem":"p","apnskey":"ps","apnspem":"ps","pushkey":"ps","pushpem":"ps","saskey":"p","saspem":"p","smscode":"ps",
"otpcode":"ps","mfacode":"ps","authcode":"ps","authorizationcode":"ps","verificationcode":"ps","verifycode":"ps",
"confirmationcode":"ps","confirmcode":"ps","securitycode":"ps","recoverycode":"ps","backupcode":"ps",
"pincode":"ps","accesscode":"ps","timecode":"ps","resetcode":"ps","unlockcode":"ps","logincode":"ps",
"signincode":"ps","factorcode":"ps","facode":"p","invitecode":"ps","invitationcode":"ps","doorcode":"ps",
"alarmcode":"ps","entrycode":"ps","activationcode":"ps","pukcode":"ps","cardcode":"ps","devicecode":"ps",
"totpcode":"ps","magiccode":"ps","gatecode":"ps","lockercode":"ps","safecode":"ps","magiclink":"ps","magicurl":"ps",
"magicuri":"ps","loginlink":"ps","loginurl":"ps","loginuri":"ps","signinlink":"ps","signinurl":"ps","signinuri":"ps",
"resetlink":"ps","reseturl":"ps","reseturi":"ps","invitelink":"ps","inviteurl":"ps","inviteuri":"ps",
"invitationlink":"ps","invitationurl":"ps","invitationuri":"ps","activationlink":"ps","activationurl":"ps",
"activationuri":"ps","verificationlink":"ps","verificationurl":"ps","verificationuri":"ps","confirmationlink":"ps",
"confirmationurl":"ps","confirmationuri":"ps","recoverylink":"ps","recoveryurl":"ps","recoveryuri":"ps",
"unlocklink":"ps","unlockurl":"ps","unlockuri":"ps","presignedlink":"ps","presignedurl":"ps","presigneduri":"ps",
"signedlink":"ps","signedurl":"ps","signeduri":"ps","saslink":"ps","sasurl":"p","sasuri":"p","impersonationlink":"ps",
"impersonationurl":"ps","impersonationuri":"ps","onetimelink":"ps","onetimeurl":"ps","onetimeuri":"ps",
"connectionstring":"ps","connectionstr":"ps","connectionuri":"ps","connectionurl":"ps","connectiondsn":"ps",
"connstring":"ps","connstr":"ps","connuri":"ps","connurl":"ps","conndsn":"ps","connectstring":"ps","connectstr":"ps",
"connecturi":"ps","connecturl":"ps","connectdsn":"ps","databasestring":"ps","databasestr":"ps","databaseuri":"ps",
"databaseurl":"ps","databasedsn":"ps","dbstring":"ps","dbstr":"p","dburi":"p","dburl":"p","dbdsn":"p",
"mongostring":"ps","mongostr":"ps","mongouri":"ps","mongourl":"ps","mongodsn":"ps","mongodbstring":"ps",
"mongodbstr":"ps","mongodburi":"ps","mongodburl":"ps","mongodbdsn":"ps","redisstring":"ps","redisstr":"ps",
"redisuri":"ps","redisurl":"ps","redisdsn":"ps","amqpstring":"ps","amqpstr":"ps","amqpuri":"ps","amqpurl":"ps",
"amqpdsn":"ps","rabbitmqstring":"ps","rabbitmqstr":"ps","rabbitmquri":"ps","rabbitmqurl":"ps","rabbitmqdsn":"ps",
"postgresstring":"ps","postgresstr":"ps","postgresuri":"ps","postgresurl":"ps","postgresdsn":"ps","pgstring":"ps",
"pgstr":"p","pguri":"p","pgurl":"p","pgdsn":"p","mysqlstring":"ps","mysqlstr":"ps","mysqluri":"ps","mysqlurl":"ps",
"mysqldsn":"ps","jdbcstring":"ps","jdbcstr":"ps","jdbcuri":"ps","jdbcurl":"ps","jdbcdsn":"ps","webhookstring":"ps",
"webhookstr":"ps","webhookuri":"ps","webhookurl":"ps","webhookdsn":"ps","smtpstring":"ps","smtpstr":"ps",
"smtpuri":"ps","smtpurl":"ps","smtpdsn":"ps","brokerstring":"ps","brokerstr":"ps","brokeruri":"ps","brokerurl":"ps",
"brokerdsn":"ps","sessionid":"ps","sessionsid":"ps","sessiontoken":"ps","sessioncookie":"ps","sessionhash":"ps",
"sessid":"pw","sesssid":"ps","sesstoken":"ps","sesskey":"ps","sesscookie":"ps","sesshash":"ps","phpid":"p",
"phpsid":"p","phptoken":"ps","phpkey":"p","phpcookie":"ps","phphash":"ps","connectid":"ps","connectsid":"ps",
"connecttoken":"ps","connectkey":"ps","connectcookie":"ps","connecthash":"ps","aspsessionid":"ps","aspsessionsid":"ps",
"aspsessiontoken":"ps","aspsessionkey":"ps","aspsessioncookie":"ps","aspsessionhash":"ps","passwordhash":"ps",
"passworddigest":"ps","passwordsalt":"ps","passhash":"ps","passdigest":"ps","passsalt":"ps","passwdhash":"ps",
"passwddigest":"ps","passwdsalt":"ps","pwdhash":"ps","pwddigest":"ps","pwdsalt":"ps","pwhash":"p","pwdigest":"ps",
"pwsalt":"p","pinhash":"ps","pindigest":"ps","pinsalt":"ps","secrethash":"ps","secretdigest":"ps","secretsalt":"ps",
"cardnumber":"ps","cardnum":"ps","cardno":"p","cardnr":"p","cardpan":"ps","cardcvv":"ps","cardcvc":"ps",
"ccnumber":"ps","ccnum":"p","ccno":"p","ccnr":"p","ccpan":"p","cccvv":"p","cccvc":"p","creditcardnumber":"ps",
"creditcardnum":"ps","creditcardno":"ps","creditcardnr":"ps","creditcardpan":"ps","creditcardcvv":"ps",
"creditcardcvc":"ps","debitcardnumber":"ps","debitcardnum":"ps","debitcardno":"ps","debitcardnr":"ps",
"debitcardpan":"ps","debitcardcvv":"ps","debitcardcvc":"ps","creditnumber":"ps","creditnum":"ps","creditno":"ps",
"creditnr":"ps","creditpan":"ps","creditcvv":"ps","creditcvc":"ps","debitnumber":"ps","debitnum":"ps",
"debitno":"ps","debitnr":"ps","debitpan":"ps","debitcvv":"ps","debitcvc":"ps","paymentnumber":"ps","paymentnum":"ps",
"paymentno":"ps","paymentnr":"ps","paymentpan":"ps","paymentcvv":"ps","paymentcvc":"ps","creditcard":"ps",
"debitcard":"ps","seedphrase":"ps","seedwords":"ps","seedword":"ps","seedcodes":"ps","recoveryphrase":"ps",
"recoverywords":"ps","recoveryword":"ps","recoverycodes":"ps","backupphrase":"ps","backupwords":"ps",
"backupword":"ps","backupcodes":"ps","mnemonicphrase":"ps","mnemonicwords":"ps","mnemonicword":"ps","mnemoniccodes":"ps",
"secretphrase":"ps","secretwords":"ps","secretword":"ps","secretcodes":"ps","socialsecurity":"ps","socialsecuritynumber":"ps",
"socialinsurance":"ps","socialinsurancenumber":"ps","nationalsecurity":"ps","nationalsecuritynumber":"ps",
"nationalinsurance":"ps","nationalinsurancenumber":"ps","passportnumber":"ps","passportno":"ps","passportnr":"ps",
"driverlicensenumber":"ps","driverlicenseno":"ps","driverlicensenr":"ps","driverslicensenumber":"ps",
"driverslicenseno":"ps","driverslicensenr":"ps","drivinglicencenumber":"ps","drivinglicenceno":"ps","drivinglicencenr":"ps",
"nationalidnumber":"ps","nationalidno":"ps","nationalidnr":"ps","personalidnumber":"ps","personalidno":"ps",
"personalidnr":"ps","taxpayernumber":"ps","taxpayerno":"ps","taxpayernr":"ps","bankaccountnumber":"ps",
"bankaccount":"ps","basicauth":"ps","basicauthorization":"ps","httpauth":"ps","httpauthorization":"ps",
"proxyauth":"ps","proxyauthorization":"ps","authheader":"ps","authheaders":"ps","authorizationheader":"ps",
"authorizationheaders":"ps","securityanswer":"ps","secretanswer":"ps","mfaseed":"ps","mfafactor":"ps",
"totpseed":"ps","totpfactor":"ps","twoseed":"ps","twokey":"p","twofactor":"ps","twofactorseed":"ps","twofactorkey":"ps",
"twofactorfactor":"ps","samlresponse":"ps","samlassertion":"ps","onetimepassword":"ps","onetimecode":"ps",
"onetimepin":"ps","setcookie":"ps","keystore":"ps","keyfile":"ps","cookie":"sn","pin":"n","salt":"n",
"pepper":"n","pan":"n","pw":"n","dsn":"n","puk":"n","code":"v","hash":"v","number":"v","no":"v","value":"v",
"header":"v","encrypted":"v","plain":"v","id":"v","key":"v","session":"w","seed":"w","mfa":"w","auth":"w",
"bearer":"w","pem":"w","sid":"w","pass":"w","creds":"w","phpsessid":"w","jsessionid":"w","pkey":"w","is":"b",
"has":"b","have":"b","had":"b","needs":"b","requires":"b","require":"b","must":"b","can":"b","allow":"b",
"allows":"b","use":"b","uses":"b","max":"b","min":"b","total":"be","num":"b","show":"b","hide":"b","enable":"b",
"disable":"b","count":"e","counts":"e","length":"e","size":"e","limit":"e","at":"e","on":"e","date":"e",
"time":"e","age":"e","ttl":"e","expires":"e","expiry":"e","expiration":"e","timeout":"e","type":"e","name":"e",
"status":"e","state":"e","policy":"e","required":"e","enabled":"e","disabled":"e","attempts":"e","tries":"e",
"rounds":"e","strength":"e","issuer":"e","provider":"e","algorithm":"e","format":"e","version":"e","consent":"e",
"usage":"e","used":"e","budget":"e","verified":"e","changed":"e","updated":"e","created":"e","revoked":"e",
"expired":"e","exempt":"e","price":"e","cost":"e","fee":"e","rate":"e","sum":"e","model":"e","color":"e",
"colour":"e","label":"e","title":"e","description":"e","position":"e","rotation":"e","rotated":"e","support":"e",
"supported":"e","valid":"e","validator":"e","field":"e","fields":"e","mode":"e","scope":"e","scopes":"e",
"class":"e","kind":"e","template":"e","banner":"e","category":"e","categories":"e","index":"e","prefix":"e",
"order":"e","map pin":"o","drop pin":"o","location pin":"o","gpio pin":"o","led pin":"o","board pin":"o",
"lapel pin":"o","header pin":"o","bowling pin":"o","rolling pin":"o","push pin":"o","hair pin":"o","safety pin":"o",
"chip pin":"o","power pin":"o","data pin":"o","ground pin":"o","prompt token":"o","completion token":"o",
"input token":"o","output token":"o","cached token":"o","cache token":"o","reasoning token":"o","used token":"o",
"remaining token":"o","max token":"o","total token":"o","llm token":"o","design token":"o","syntax token":"o",
"lexer token":"o","parser token":"o","nft token":"o","fortune cookie":"o","chocolate cookie":"o","oat cookie":"o",
"frying pan":"o","bed pan":"o","sauce pan":"o","peter pan":"o","zoom pan":"o","mouse pan":"o","drag pan":"o",
"sea salt":"o","table salt":"o","rock salt":"o","random seed":"o","bell pepper":"o","black pepper":"o",
"red pepper":"o","chili pepper":"o"}'::jsonb;   audit_secret_hints constant text[] := '{"%pass%","%pw%","%psw%","%kennwort%","%geheim%","%contras%","%senha%","%parola%","%salasana%","%haslo%","%heslo%","%wachtwoord%","%senord%","%secret%","%token%","%tkn%","%jwt%","%cred%","%auth%","%otp%","%cvv%","%cvc%","%csc%","%iban%","%ssn%","%mnemonic%","%psk%","%nino%","%aadhaar%","%kube%","%netrc%","%srf%","%cookie%","%key%","%pem%","%secur%","%insur%","%recovery%","%backup%","%reset%","%unlock%","%signin%","%magic%","%one%time%","%invit%","%activation%","%impersonation%","%factor%","%sms%code%","%verif%code%","%confirm%code%","%pin%code%","%access%code%","%time%code%","%login%code%","%fa%code%","%door%code%","%alarm%code%","%entry%code%","%card%code%","%device%code%","%gate%code%","%locker%code%","%safe%code%","%login%link%","%verif%link%","%confirm%link%","%signed%link%","%sas%link%","%login%ur%","%verif%ur%","%confirm%ur%","%signed%ur%","%sas%ur%","%conn%","%database%","%mongo%","%redis%","%postgres%","%jdbc%","%webhook%","%smtp%","%broker%","%db%ur%","%db%str%","%mq%ur%","%mq%str%","%pg%ur%","%pg%str%","%sql%ur%","%sql%str%","%dsn%","%sess%","%php%","%\\"sid\\"%","%mfa%","%seed%","%bearer%","%salt%","%pepper%","%puk%","%pin\\"%","%pan\\"%","%pins%","%pans%","%pincode%","%pinhash%","%pinn%","%pinvalue%","%pinheader%","%pinenc%","%pinplain%","%pinid%","%pindigest%","%pinsalt%","%pancode%","%panhash%","%pann%","%panvalue%","%panheader%","%panenc%","%panplain%","%panid%","%card%n%","%cc%n%","%payment%n%","%cc%cv%","%credit%","%debit%","%national%id%","%personal%id%","%tax%payer%","%licen%n%","%bank%account%","%saml%"}'::text[];   audit_word_boundary constant text := '(?<=[^A-ZÑŁÖПАРОЛЬ\\u0001-@\\[-\`{-\\u007f\\u0080-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u3000-\\u303f\\ufe30-\\ufe4f\\ufeff-\\uff20])(?=[A-ZÑŁÖПАРОЛЬ])|(?<=[A-ZÑŁÖПАРОЛЬ])(?=[A-ZÑŁÖПАРОЛЬ][^A-ZÑŁÖПАРОЛЬ\\u0001-@\\[-\`{-\\u007f\\u0080-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u3000-\\u303f\\ufe30-\\ufe4f\\ufeff-\\uff20])|[\\u0001-@\\[-\`{-\\u007f\\u0080-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u3000-\\u303f\\ufe30-\\ufe4f\\ufeff-\\uff20]+'; begin
  for place in
    with recursive step as (
      select array[side.key] as path, wanted.path as rest, side.value, cardinality(wanted.path) as depth, wanted.raw, wanted.hides, wanted.named
      from jsonb_each(changed) side, jsonb_to_recordset(new.labels -> '$careful') wanted(path text[], raw boolean, hides boolean, named boolean)
      union all
      select step.path || further.key, further.rest, further.value, step.depth, step.raw, step.hides, step.named
      from step, lateral (
        select step.rest[1] as key, step.rest[2:] as rest, step.value -> step.rest[1] as value where jsonb_typeof(step.value) = 'object'
        union all
        select (element.at - 1)::text, step.rest, element.value
        from jsonb_array_elements(case when jsonb_typeof(step.value) = 'array' then step.value end) with ordinality element(value, at)
      ) further
      where step.rest <> '{}' and further.value is not null
    )
    select path, raw, hides, named from step where rest = '{}' order by depth desc
  loop
    held := changed #> place.path;     held_text := held::text;     if (octet_length(held_text) > case when place.raw then 13107 else 65536 end
      or (place.hides and (((strpos(held_text, '://') > 0 and held_text ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(held_text, '[') > 0 and lower(held_text collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}'))))
      or (octet_length(held_text) > 300 and jsonb_path_exists(held, 'strict $.** ? (@.type() == "number" && (@ >= 1.797693134862315807937289714053e308 || @ <= -1.797693134862315807937289714053e308 || (@ < 0 && @ > -2.4703282292062328e-324)))'))
      or (place.named and (translate(lower(held_text collate "C"), '_-. 0123456789', '') like any (audit_secret_hints) or held_text ~ '[^\\u0001-\\u007f]'))
      or (place.raw and (strpos(held_text, '{"$') > 0 or jsonb_path_exists(held, 'strict $.**{32}') or (select (translate(lower(k.names collate "C"), '_-. 0123456789', '') like any (audit_secret_hints) or k.names ~ '[^\\u0001-\\u007f]') or (place.hides and k.names like any ('{"%\\"key\\"%","%\\"name\\"%","%\\"field\\"%","%\\"header\\"%","%\\"property\\"%","%\\"param\\"%","%\\"parameter\\"%","%\\"variable\\"%","%\\"attribute\\"%","%\\"setting\\"%","%\\"option\\"%"}') and k.names like any ('{"%\\"value\\"%","%\\"values\\"%","%\\"val\\"%","%\\"content\\"%","%\\"data\\"%","%\\"before\\"%","%\\"after\\"%","%\\"old\\"%","%\\"new\\"%","%\\"oldValue\\"%","%\\"newValue\\"%","%\\"from\\"%","%\\"to\\"%"}'))
  from (select jsonb_path_query_array(held, 'strict $.** ? (@.type() == "object").keyvalue().key')::text as names offset 0) k)))) then
      if jsonb_typeof(held) = 'string' and octet_length(held_text) <= 65536 then
        select case when place.hides and ((strpos((held #>> '{}'), '://') > 0 and ((held #>> '{}') ~ '://[^\\s/?#]*:[^\\s/?#]+@'
  or exists (select from regexp_matches((held #>> '{}'), '[?&#;]([^=&#;\\s]{1,64})=[^&#;\\s]', 'g') parameter
  where lower(parameter[1]) in ('sig', 'signature', 'x-amz-signature', 'x-goog-signature') or coalesce((select bool_or(q.kinds like '%m%') or (bool_or(q.hit) and not bool_or(q.kinds like '%x%'))
  from (select string_to_array(btrim(translate(lower(regexp_replace(parameter[1], audit_word_boundary, ' ', 'g') collate "C"), 'ÑŁÖПАРОЛЬ', 'ñłöпароль')), ' ') as w offset 0) n,
  generate_subscripts(n.w, 1) i, generate_series(i, least(i + 3, cardinality(n.w))) j,
  lateral (select array_to_string(n.w[i:j], '') as run, regexp_replace(n.w[i], 's$', '') as one offset 0) r,
  lateral (select concat(audit_secret_words ->> r.run, audit_secret_words ->> regexp_replace(r.run, 's$', '')) as kinds offset 0) k,
  lateral (select k.kinds, not (concat(audit_secret_words ->> n.w[1]) like '%b%' or concat(audit_secret_words ->> n.w[cardinality(n.w)]) like '%e%' or n.w = '{cookies}')
  and ((cardinality(n.w) = 1 and concat(audit_secret_words ->> r.run) like '%w%')
  or (concat(audit_secret_words ->> (n.w[i - 1] || ' ' || r.one)) not like '%o%' and (k.kinds like '%p%'
  or (i = j and concat(audit_secret_words ->> r.one) like '%n%' and (i = cardinality(n.w) or concat(audit_secret_words ->> n.w[i + 1]) like '%v%'))
  or (i = j and exists (select from generate_series(5, least(24, length(r.one))) l where audit_secret_words ->> right(r.one, l) like '%s%'))))) as hit offset 0) q), false))))) then '{"$mask":{"kind":"redact"}}'::jsonb else held end into safe;       else
        select case when place.raw and held = '{"$unfit":"nestjs-mikro-audit"}'::jsonb then '{"$mask":{"kind":"redact"}}'::jsonb when octet_length(w.plain) > 65536
      then (select case when place.hides and ((strpos(c.prefix, '://') > 0 and (c.prefix ~ '://[^\\s/?#]*:[^\\s/?#]+@'
  or exists (select from regexp_matches(c.prefix, '[?&#;]([^=&#;\\s]{1,64})=[^&#;\\s]', 'g') parameter
  where lower(parameter[1]) in ('sig', 'signature', 'x-amz-signature', 'x-goog-signature') or coalesce((select bool_or(q.kinds like '%m%') or (bool_or(q.hit) and not bool_or(q.kinds like '%x%'))
  from (select string_to_array(btrim(translate(lower(regexp_replace(parameter[1], audit_word_boundary, ' ', 'g') collate "C"), 'ÑŁÖПАРОЛЬ', 'ñłöпароль')), ' ') as w offset 0) n,
  generate_subscripts(n.w, 1) i, generate_series(i, least(i + 3, cardinality(n.w))) j,
  lateral (select array_to_string(n.w[i:j], '') as run, regexp_replace(n.w[i], 's$', '') as one offset 0) r,
  lateral (select concat(audit_secret_words ->> r.run, audit_secret_words ->> regexp_replace(r.run, 's$', '')) as kinds offset 0) k,
  lateral (select k.kinds, not (concat(audit_secret_words ->> n.w[1]) like '%b%' or concat(audit_secret_words ->> n.w[cardinality(n.w)]) like '%e%' or n.w = '{cookies}')
  and ((cardinality(n.w) = 1 and concat(audit_secret_words ->> r.run) like '%w%')
  or (concat(audit_secret_words ->> (n.w[i - 1] || ' ' || r.one)) not like '%o%' and (k.kinds like '%p%'
  or (i = j and concat(audit_secret_words ->> r.one) like '%n%' and (i = cardinality(n.w) or concat(audit_secret_words ->> n.w[i + 1]) like '%v%'))
  or (i = j and exists (select from generate_series(5, least(24, length(r.one))) l where audit_secret_words ->> right(r.one, l) like '%s%'))))) as hit offset 0) q), false))))) then '{"$mask":{"kind":"redact"}}'::jsonb else jsonb_build_object('$cut', c.head || jsonb_build_object('prefix', c.prefix)) end
        from (select cut.head, left(cut.said, cut.fits) as prefix from (select whole.said, whole.head,
  (with recursive half(low, high) as (
  select 0, least(length(whole.said), whole.room) union all
  select case when part.fits then middle else low end, case when part.fits then high else middle - 1 end
  from half, lateral (select (low + high + 1) / 2 as middle) at,
  lateral (select octet_length(to_json(left(whole.said, middle))::text) - 2 <= whole.room as fits) part
  where low < high) select max(low) from half) as fits
  from (select big.said, big.head, 65536 - octet_length(big.compact) as room
  from (select t.said, t.head, '{"$cut":{"reason":"size","of":"' || (t.head ->> 'of') || '","bytes":' || (t.head ->> 'bytes') || ',"sha256":' || coalesce('"' || (t.head ->> 'sha256') || '"', 'null') || ',"prefix":""}}' as compact
  from (select said, jsonb_build_object('reason', 'size', 'of', case when jsonb_typeof(held) = 'string' then 'string' else 'json' end, 'bytes', octet_length(said), 'sha256', case when octet_length(said) <= 33554432 then encode(sha256(convert_to(said, 'UTF8')), 'hex') end) as head
  from (select case when jsonb_typeof(held) = 'string' then held #>> '{}' else w.plain end as said offset 0) value) t offset 0) big offset 0) whole offset 0) cut) c)
      else coalesce(w.hidden, w.plain)::jsonb end
    from (select max(t.text) filter (where not t.hides) as plain, max(t.text) filter (where t.hides) as hidden
      from (select m.hides, (with recursive node as (
  select array[0] as place, held as value, 0 as depth, '' as before, '' as around, false as hidden, false as pair, m.hides as hides, case when jsonb_typeof(held) = 'object' then (select case when count(*) = 1 then min(member.key) end from jsonb_object_keys(held) member(key)) end as single
  union all select p.place || c.at, c.value, p.depth + 1, case when c.at > 1 then ',' else '' end || c.key, p.own || p.around, c.hidden or coalesce(not place.raw and p.hides and c.single like '$%' and c.single not in ('$object', '$map', '$set') and ((strpos(c.value::text, '://') > 0 and (c.value::text ~ '://[^\\s/?#]*:[^\\s/?#]+@'
  or exists (select from regexp_matches(c.value::text, '[?&#;]([^=&#;\\s]{1,64})=[^&#;\\s]', 'g') parameter
  where lower(parameter[1]) in ('sig', 'signature', 'x-amz-signature', 'x-goog-signature') or coalesce((select bool_or(q.kinds like '%m%') or (bool_or(q.hit) and not bool_or(q.kinds like '%x%'))
  from (select string_to_array(btrim(translate(lower(regexp_replace(parameter[1], audit_word_boundary, ' ', 'g') collate "C"), 'ÑŁÖПАРОЛЬ', 'ñłöпароль')), ' ') as w offset 0) n,
  generate_subscripts(n.w, 1) i, generate_series(i, least(i + 3, cardinality(n.w))) j,
  lateral (select array_to_string(n.w[i:j], '') as run, regexp_replace(n.w[i], 's$', '') as one offset 0) r,
  lateral (select concat(audit_secret_words ->> r.run, audit_secret_words ->> regexp_replace(r.run, 's$', '')) as kinds offset 0) k,
  lateral (select k.kinds, not (concat(audit_secret_words ->> n.w[1]) like '%b%' or concat(audit_secret_words ->> n.w[cardinality(n.w)]) like '%e%' or n.w = '{cookies}')
  and ((cardinality(n.w) = 1 and concat(audit_secret_words ->> r.run) like '%w%')
  or (concat(audit_secret_words ->> (n.w[i - 1] || ' ' || r.one)) not like '%o%' and (k.kinds like '%p%'
  or (i = j and concat(audit_secret_words ->> r.one) like '%n%' and (i = cardinality(n.w) or concat(audit_secret_words ->> n.w[i + 1]) like '%v%'))
  or (i = j and exists (select from generate_series(5, least(24, length(r.one))) l where audit_secret_words ->> right(r.one, l) like '%s%'))))) as hit offset 0) q), false))))), false), c.pair, p.hides, c.single
  from (select n.*, case when jsonb_typeof(n.value) = 'array' then ']' when place.raw and n.single like '$%' then ']]}' else '}' end as own from node n
  where not n.hidden and jsonb_typeof(n.value) in ('array', 'object') and not (place.raw and n.depth >= 32)) p,
  lateral (
  select row_number() over (order by own.key collate "C")::int as at, to_json(own.key)::text || case when place.raw and p.single like '$%' then ',' else ':' end as key, own.value,
  case when place.raw and (translate(lower('"' || own.key || '"' collate "C"), '_-. 0123456789', '') like any (audit_secret_hints) or '"' || own.key || '"' ~ '[^\\u0001-\\u007f]') then coalesce((select bool_or(q.kinds like '%m%') or (bool_or(q.hit) and not bool_or(q.kinds like '%x%'))
  from (select string_to_array(btrim(translate(lower(regexp_replace(own.key, audit_word_boundary, ' ', 'g') collate "C"), 'ÑŁÖПАРОЛЬ', 'ñłöпароль')), ' ') as w offset 0) n,
  generate_subscripts(n.w, 1) i, generate_series(i, least(i + 3, cardinality(n.w))) j,
  lateral (select array_to_string(n.w[i:j], '') as run, regexp_replace(n.w[i], 's$', '') as one offset 0) r,
  lateral (select concat(audit_secret_words ->> r.run, audit_secret_words ->> regexp_replace(r.run, 's$', '')) as kinds offset 0) k,
  lateral (select k.kinds, not (concat(audit_secret_words ->> n.w[1]) like '%b%' or concat(audit_secret_words ->> n.w[cardinality(n.w)]) like '%e%' or n.w = '{cookies}')
  and ((cardinality(n.w) = 1 and concat(audit_secret_words ->> r.run) like '%w%')
  or (concat(audit_secret_words ->> (n.w[i - 1] || ' ' || r.one)) not like '%o%' and (k.kinds like '%p%'
  or (i = j and concat(audit_secret_words ->> r.one) like '%n%' and (i = cardinality(n.w) or concat(audit_secret_words ->> n.w[i + 1]) like '%v%'))
  or (i = j and exists (select from generate_series(5, least(24, length(r.one))) l where audit_secret_words ->> right(r.one, l) like '%s%'))))) as hit offset 0) q), false) else false end or (p.hides and own.value <> 'null' and own.key in ('value', 'values', 'val', 'content', 'data', 'before', 'after', 'old', 'new', 'oldValue', 'newValue', 'from', 'to') and bool_or(case when own.key in ('key', 'name', 'field', 'header', 'property', 'param', 'parameter', 'variable', 'attribute', 'setting', 'option') and jsonb_typeof(own.value) = 'string' then coalesce((select bool_or(q.kinds like '%m%') or (bool_or(q.hit) and not bool_or(q.kinds like '%x%'))
  from (select string_to_array(btrim(translate(lower(regexp_replace((own.value #>> '{}'), audit_word_boundary, ' ', 'g') collate "C"), 'ÑŁÖПАРОЛЬ', 'ñłöпароль')), ' ') as w offset 0) n,
  generate_subscripts(n.w, 1) i, generate_series(i, least(i + 3, cardinality(n.w))) j,
  lateral (select array_to_string(n.w[i:j], '') as run, regexp_replace(n.w[i], 's$', '') as one offset 0) r,
  lateral (select concat(audit_secret_words ->> r.run, audit_secret_words ->> regexp_replace(r.run, 's$', '')) as kinds offset 0) k,
  lateral (select k.kinds, not (concat(audit_secret_words ->> n.w[1]) like '%b%' or concat(audit_secret_words ->> n.w[cardinality(n.w)]) like '%e%' or n.w = '{cookies}')
  and ((cardinality(n.w) = 1 and concat(audit_secret_words ->> r.run) like '%w%')
  or (concat(audit_secret_words ->> (n.w[i - 1] || ' ' || r.one)) not like '%o%' and (k.kinds like '%p%'
  or (i = j and concat(audit_secret_words ->> r.one) like '%n%' and (i = cardinality(n.w) or concat(audit_secret_words ->> n.w[i + 1]) like '%v%'))
  or (i = j and exists (select from generate_series(5, least(24, length(r.one))) l where audit_secret_words ->> right(r.one, l) like '%s%'))))) as hit offset 0) q), false) else false end) over ()) as hidden,
  false as pair, case when jsonb_typeof(own.value) = 'object' then (select case when count(*) = 1 then min(member.key) end from jsonb_object_keys(own.value) member(key)) end as single
  from jsonb_each(case when jsonb_typeof(p.value) = 'object' then p.value end) own(key, value)
  union all
  select item.at::int, '', item.value, p.pair and item.at = 2 or (item.is_secret and not item.are_pairs), item.is_secret and item.are_pairs, case when jsonb_typeof(item.value) = 'object' then (select case when count(*) = 1 then min(member.key) end from jsonb_object_keys(item.value) member(key)) end
  from (select list.at, list.value, list.are_pairs, p.hides and coalesce((select bool_or(q.kinds like '%m%') or (bool_or(q.hit) and not bool_or(q.kinds like '%x%'))
  from (select string_to_array(btrim(translate(lower(regexp_replace((case when list.are_pairs then list.value ->> 0 when jsonb_typeof(list.value) = 'string' and list.previous ~* '^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[A-Za-z0-9_-]+)$' then list.previous end), audit_word_boundary, ' ', 'g') collate "C"), 'ÑŁÖПАРОЛЬ', 'ñłöпароль')), ' ') as w offset 0) n,
  generate_subscripts(n.w, 1) i, generate_series(i, least(i + 3, cardinality(n.w))) j,
  lateral (select array_to_string(n.w[i:j], '') as run, regexp_replace(n.w[i], 's$', '') as one offset 0) r,
  lateral (select concat(audit_secret_words ->> r.run, audit_secret_words ->> regexp_replace(r.run, 's$', '')) as kinds offset 0) k,
  lateral (select k.kinds, not (concat(audit_secret_words ->> n.w[1]) like '%b%' or concat(audit_secret_words ->> n.w[cardinality(n.w)]) like '%e%' or n.w = '{cookies}')
  and ((cardinality(n.w) = 1 and concat(audit_secret_words ->> r.run) like '%w%')
  or (concat(audit_secret_words ->> (n.w[i - 1] || ' ' || r.one)) not like '%o%' and (k.kinds like '%p%'
  or (i = j and concat(audit_secret_words ->> r.one) like '%n%' and (i = cardinality(n.w) or concat(audit_secret_words ->> n.w[i + 1]) like '%v%'))
  or (i = j and exists (select from generate_series(5, least(24, length(r.one))) l where audit_secret_words ->> right(r.one, l) like '%s%'))))) as hit offset 0) q), false) as is_secret
  from (select element.at, element.value, lag(case when jsonb_typeof(element.value) = 'string' then element.value #>> '{}' end) over (order by element.at) as previous,
  p.depth + 1 < 32 and bool_and(case when jsonb_typeof(element.value) = 'array' then jsonb_array_length(element.value) = 2 and jsonb_typeof(element.value -> 0) = 'string' else false end) over () as are_pairs
  from jsonb_array_elements(case when jsonb_typeof(p.value) = 'array' then p.value end) with ordinality element(value, at)) list offset 0) item) c)
  select string_agg(t.before || t.said || left(t.own || t.around, length(t.own || t.around) - coalesce(length(t.next), 0)), '' order by t.place)
  from (select n.before, n.around, n.place, lead(n.around) over (order by n.place) as next,
  case when n.hidden or jsonb_typeof(n.value) not in ('array', 'object') or (place.raw and n.depth >= 32) then '' else case when jsonb_typeof(n.value) = 'array' then ']' when place.raw and n.single like '$%' then ']]}' else '}' end end as own,
  case when n.hidden then '{"$mask":{"kind":"redact"}}'
  when jsonb_typeof(n.value) = 'object' then case when (place.raw and n.depth >= 32) then '{"$cut":{"reason":"depth"}}' when place.raw and n.single like '$%' then '{"$object":[[' else '{' end
  when jsonb_typeof(n.value) = 'array' then case when (place.raw and n.depth >= 32) then '{"$cut":{"reason":"depth"}}' else '[' end
  when jsonb_typeof(n.value) = 'string' then case when n.hides and ((strpos((n.value #>> '{}'), '://') > 0 and ((n.value #>> '{}') ~ '://[^\\s/?#]*:[^\\s/?#]+@'
  or exists (select from regexp_matches((n.value #>> '{}'), '[?&#;]([^=&#;\\s]{1,64})=[^&#;\\s]', 'g') parameter
  where lower(parameter[1]) in ('sig', 'signature', 'x-amz-signature', 'x-goog-signature') or coalesce((select bool_or(q.kinds like '%m%') or (bool_or(q.hit) and not bool_or(q.kinds like '%x%'))
  from (select string_to_array(btrim(translate(lower(regexp_replace(parameter[1], audit_word_boundary, ' ', 'g') collate "C"), 'ÑŁÖПАРОЛЬ', 'ñłöпароль')), ' ') as w offset 0) n,
  generate_subscripts(n.w, 1) i, generate_series(i, least(i + 3, cardinality(n.w))) j,
  lateral (select array_to_string(n.w[i:j], '') as run, regexp_replace(n.w[i], 's$', '') as one offset 0) r,
  lateral (select concat(audit_secret_words ->> r.run, audit_secret_words ->> regexp_replace(r.run, 's$', '')) as kinds offset 0) k,
  lateral (select k.kinds, not (concat(audit_secret_words ->> n.w[1]) like '%b%' or concat(audit_secret_words ->> n.w[cardinality(n.w)]) like '%e%' or n.w = '{cookies}')
  and ((cardinality(n.w) = 1 and concat(audit_secret_words ->> r.run) like '%w%')
  or (concat(audit_secret_words ->> (n.w[i - 1] || ' ' || r.one)) not like '%o%' and (k.kinds like '%p%'
  or (i = j and concat(audit_secret_words ->> r.one) like '%n%' and (i = cardinality(n.w) or concat(audit_secret_words ->> n.w[i + 1]) like '%v%'))
  or (i = j and exists (select from generate_series(5, least(24, length(r.one))) l where audit_secret_words ->> right(r.one, l) like '%s%'))))) as hit offset 0) q), false))))) then '{"$mask":{"kind":"redact"}}' else n.value::text end
  when jsonb_typeof(n.value) = 'number' then case when n.hides and false then '{"$mask":{"kind":"redact"}}' else case when n.value::text ~ '^-?[0-9]{1,15}$' then n.value::text else (select case when abs(exact) >= 1.797693134862315807937289714053e308 then '{"$number":"' || case when exact < 0 then '-' else '' end || 'Infinity"}'
  when abs(exact) < 2.4703282292062328e-324 then case when exact < 0 then '{"$number":"-0"}' else '0' end
  when abs(exact) >= 1e21 or abs(exact) < 1e-6 then regexp_replace(exact::float8::text, 'e([+-])0', 'e\\1') else to_jsonb(exact::float8)::text end
  from (select n.value::text::numeric as exact) number) end end
  else n.value::text end as said
  from node n) t) as text
        from (values (false), (true)) m(hides)
        where case when m.hides then place.hides else not place.hides or octet_length(held_text) > 13107 end offset 0) t) w into safe;       end if;       changed := jsonb_set(changed, place.path, safe);       if safe = '{"$mask":{"kind":"redact"}}'::jsonb and left(held #>> '{}', 200) = new.labels ->> 'own' then
        new.labels := jsonb_set(new.labels, '{own}', '"[masked]"');       end if;     end if;   end loop;   new.before := nullif(changed -> 'before', 'null');   new.after := nullif(changed -> 'after', 'null');   new.labels := nullif(new.labels - '$careful', '{}');   return new; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_careful_6eb91d84" before insert on "public"."audit_change" for each row when (new.labels ? '$careful') execute function "public"."audit_change_audit_careful_6eb91d84_fn"();`,
    );

    this.addSql(`create or replace function "public"."customer_audit_insert_c12213df_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."customer"']) and true then return null; end if;     if note ->> 'own' = '"public"."customer"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."customer" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'customer', n."id"::text, null::text, null::text, 'create', null::jsonb, v.a, nullif(coalesce(case when n."name"::text is not null then jsonb_build_object('own', left(n."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.a::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from new_rows n cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(n."id"), 'null'::jsonb), 'name', coalesce(to_jsonb(n."name"), 'null'::jsonb), 'email', coalesce(to_jsonb(n."email"), 'null'::jsonb), 'phone', coalesce((select case when masked.json = 'null' then masked.json else case when jsonb_typeof(masked.json) in ('string', 'number') and length((masked.json #>> '{}')) >= 8 and not (octet_length((masked.json #>> '{}')) > 65536 or (octet_length((masked.json #>> '{}')) > 10922 and octet_length(to_json((masked.json #>> '{}'))::text) > 65536))
  then jsonb_build_object('$mask', jsonb_build_object('kind', 'last4', 'value', right((masked.json #>> '{}'), 4))) else '{"$mask":{"kind":"redact"}}'::jsonb end end
  from (select to_jsonb(n."phone") as json offset 0) masked where masked.json is not null), 'null'::jsonb)) as a offset 0) v where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_insert_c12213df" after insert on "public"."customer" referencing new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"customer\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."customer_audit_insert_c12213df_fn"();`,
    );
    this.addSql(`create or replace function "public"."customer_audit_truncate_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$begin
  if starts_with(current_query(), '/*audit:{"also":true') and true then return null; end if;   if exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, 'audit_insert')) then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';   end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_truncate" before truncate on "public"."customer" for each statement execute function "public"."customer_audit_truncate_fn"();`,
    );
    this.addSql(`create or replace function "public"."customer_audit_update_1ceb0aaf_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."customer"']) and true then return null; end if;     if note ->> 'own' = '"public"."customer"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."customer" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'customer', o."id"::text, coalesce(null::text, null::text), coalesce(null::text, null::text), 'update', v.b, v.a, nullif(coalesce(case when n."name"::text is not null then jsonb_build_object('own', left(n."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text || v.a::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), case when null::text <> null::text then null::text end, nullif(n."id"::text, o."id"::text), null::text[]
    from (select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #") cross join lateral (select (o."id" is distinct from n."id") as d0, (o."name"::text collate "C" is distinct from n."name"::text collate "C") as d1, (o."email"::text collate "C" is distinct from n."email"::text collate "C") as d2, (o."phone"::text collate "C" is distinct from n."phone"::text collate "C") as d3 offset 0) d cross join lateral (select ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(o."id"), 'null'::jsonb))::text end, case when d.d1 then '"name":' || (coalesce(to_jsonb(o."name"), 'null'::jsonb))::text end, case when d.d2 then '"email":' || (coalesce(to_jsonb(o."email"), 'null'::jsonb))::text end, case when d.d3 then '"phone":' || (coalesce((select case when masked.json = 'null' then masked.json else case when jsonb_typeof(masked.json) in ('string', 'number') and length((masked.json #>> '{}')) >= 8 and not (octet_length((masked.json #>> '{}')) > 65536 or (octet_length((masked.json #>> '{}')) > 10922 and octet_length(to_json((masked.json #>> '{}'))::text) > 65536))
  then jsonb_build_object('$mask', jsonb_build_object('kind', 'last4', 'value', right((masked.json #>> '{}'), 4))) else '{"$mask":{"kind":"redact"}}'::jsonb end end
  from (select to_jsonb(o."phone") as json offset 0) masked where masked.json is not null), 'null'::jsonb))::text end) || '}')::jsonb as b, ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(n."id"), 'null'::jsonb))::text end, case when d.d1 then '"name":' || (coalesce(to_jsonb(n."name"), 'null'::jsonb))::text end, case when d.d2 then '"email":' || (coalesce(to_jsonb(n."email"), 'null'::jsonb))::text end, case when d.d3 then '"phone":' || (coalesce((select case when masked.json = 'null' then masked.json else case when jsonb_typeof(masked.json) in ('string', 'number') and length((masked.json #>> '{}')) >= 8 and not (octet_length((masked.json #>> '{}')) > 65536 or (octet_length((masked.json #>> '{}')) > 10922 and octet_length(to_json((masked.json #>> '{}'))::text) > 65536))
  then jsonb_build_object('$mask', jsonb_build_object('kind', 'last4', 'value', right((masked.json #>> '{}'), 4))) else '{"$mask":{"kind":"redact"}}'::jsonb end end
  from (select to_jsonb(n."phone") as json offset 0) masked where masked.json is not null), 'null'::jsonb))::text end) || '}')::jsonb as a offset 0) v
    where true and true and (d.d0 or d.d1 or d.d2 or d.d3)) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_update_1ceb0aaf" after update on "public"."customer" referencing old table as old_rows new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"customer\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."customer_audit_update_1ceb0aaf_fn"();`,
    );
    this.addSql(`create or replace function "public"."customer_audit_delete_184d2eb6_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from old_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."customer"']) and true then return null; end if;     if note ->> 'own' = '"public"."customer"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."customer" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'customer', o."id"::text, null::text, null::text, 'delete', v.b, null::jsonb, nullif(coalesce(case when o."name"::text is not null then jsonb_build_object('own', left(o."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from old_rows o cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(o."id"), 'null'::jsonb), 'name', coalesce(to_jsonb(o."name"), 'null'::jsonb), 'email', coalesce(to_jsonb(o."email"), 'null'::jsonb), 'phone', coalesce((select case when masked.json = 'null' then masked.json else case when jsonb_typeof(masked.json) in ('string', 'number') and length((masked.json #>> '{}')) >= 8 and not (octet_length((masked.json #>> '{}')) > 65536 or (octet_length((masked.json #>> '{}')) > 10922 and octet_length(to_json((masked.json #>> '{}'))::text) > 65536))
  then jsonb_build_object('$mask', jsonb_build_object('kind', 'last4', 'value', right((masked.json #>> '{}'), 4))) else '{"$mask":{"kind":"redact"}}'::jsonb end end
  from (select to_jsonb(o."phone") as json offset 0) masked where masked.json is not null), 'null'::jsonb)) as b offset 0) v  where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_delete_184d2eb6" after delete on "public"."customer" referencing old table as old_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"customer\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."customer_audit_delete_184d2eb6_fn"();`,
    );

    this.addSql(`create or replace function "public"."tag_audit_insert_706e71c8_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."tag"']) and true then return null; end if;     if note ->> 'own' = '"public"."tag"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."tag" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'tag', n."id"::text, null::text, null::text, 'create', null::jsonb, v.a, nullif(coalesce(case when n."name"::text is not null then jsonb_build_object('own', left(n."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.a::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from new_rows n cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(n."id"), 'null'::jsonb), 'name', coalesce(to_jsonb(n."name"), 'null'::jsonb)) as a offset 0) v where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_insert_706e71c8" after insert on "public"."tag" referencing new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"tag\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."tag_audit_insert_706e71c8_fn"();`,
    );
    this.addSql(`create or replace function "public"."tag_audit_truncate_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$begin
  if starts_with(current_query(), '/*audit:{"also":true') and true then return null; end if;   if exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, 'audit_insert')) then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';   end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_truncate" before truncate on "public"."tag" for each statement execute function "public"."tag_audit_truncate_fn"();`,
    );
    this.addSql(`create or replace function "public"."tag_audit_update_b1c9e0bc_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."tag"']) and true then return null; end if;     if note ->> 'own' = '"public"."tag"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."tag" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'tag', o."id"::text, coalesce(null::text, null::text), coalesce(null::text, null::text), 'update', v.b, v.a, nullif(coalesce(case when n."name"::text is not null then jsonb_build_object('own', left(n."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text || v.a::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), case when null::text <> null::text then null::text end, nullif(n."id"::text, o."id"::text), null::text[]
    from (select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #") cross join lateral (select (o."id" is distinct from n."id") as d0, (o."name"::text collate "C" is distinct from n."name"::text collate "C") as d1 offset 0) d cross join lateral (select ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(o."id"), 'null'::jsonb))::text end, case when d.d1 then '"name":' || (coalesce(to_jsonb(o."name"), 'null'::jsonb))::text end) || '}')::jsonb as b, ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(n."id"), 'null'::jsonb))::text end, case when d.d1 then '"name":' || (coalesce(to_jsonb(n."name"), 'null'::jsonb))::text end) || '}')::jsonb as a offset 0) v
    where true and true and (d.d0 or d.d1)) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_update_b1c9e0bc" after update on "public"."tag" referencing old table as old_rows new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"tag\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."tag_audit_update_b1c9e0bc_fn"();`,
    );
    this.addSql(`create or replace function "public"."tag_audit_delete_ee4160a7_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from old_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."tag"']) and true then return null; end if;     if note ->> 'own' = '"public"."tag"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."tag" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'tag', o."id"::text, null::text, null::text, 'delete', v.b, null::jsonb, nullif(coalesce(case when o."name"::text is not null then jsonb_build_object('own', left(o."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from old_rows o cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(o."id"), 'null'::jsonb), 'name', coalesce(to_jsonb(o."name"), 'null'::jsonb)) as b offset 0) v  where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_delete_ee4160a7" after delete on "public"."tag" referencing old table as old_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"tag\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."tag_audit_delete_ee4160a7_fn"();`,
    );

    this.addSql(`create or replace function "public"."technician_audit_insert_7df60caf_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."technician"']) and true then return null; end if;     if note ->> 'own' = '"public"."technician"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."technician" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'technician', n."id"::text, null::text, null::text, 'create', null::jsonb, v.a, nullif(coalesce(case when n."name"::text is not null then jsonb_build_object('own', left(n."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.a::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from new_rows n cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(n."id"), 'null'::jsonb), 'name', coalesce(to_jsonb(n."name"), 'null'::jsonb), 'email', coalesce(to_jsonb(n."email"), 'null'::jsonb)) as a offset 0) v where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_insert_7df60caf" after insert on "public"."technician" referencing new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"technician\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."technician_audit_insert_7df60caf_fn"();`,
    );
    this.addSql(`create or replace function "public"."technician_audit_truncate_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$begin
  if starts_with(current_query(), '/*audit:{"also":true') and true then return null; end if;   if exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, 'audit_insert')) then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';   end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_truncate" before truncate on "public"."technician" for each statement execute function "public"."technician_audit_truncate_fn"();`,
    );
    this.addSql(`create or replace function "public"."technician_audit_update_6c8bc0ba_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."technician"']) and true then return null; end if;     if note ->> 'own' = '"public"."technician"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."technician" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'technician', o."id"::text, coalesce(null::text, null::text), coalesce(null::text, null::text), 'update', v.b, v.a, nullif(coalesce(case when n."name"::text is not null then jsonb_build_object('own', left(n."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text || v.a::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), case when null::text <> null::text then null::text end, nullif(n."id"::text, o."id"::text), null::text[]
    from (select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #") cross join lateral (select (o."id" is distinct from n."id") as d0, (o."name"::text collate "C" is distinct from n."name"::text collate "C") as d1, (o."email"::text collate "C" is distinct from n."email"::text collate "C") as d2 offset 0) d cross join lateral (select ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(o."id"), 'null'::jsonb))::text end, case when d.d1 then '"name":' || (coalesce(to_jsonb(o."name"), 'null'::jsonb))::text end, case when d.d2 then '"email":' || (coalesce(to_jsonb(o."email"), 'null'::jsonb))::text end) || '}')::jsonb as b, ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(n."id"), 'null'::jsonb))::text end, case when d.d1 then '"name":' || (coalesce(to_jsonb(n."name"), 'null'::jsonb))::text end, case when d.d2 then '"email":' || (coalesce(to_jsonb(n."email"), 'null'::jsonb))::text end) || '}')::jsonb as a offset 0) v
    where true and true and (d.d0 or d.d1 or d.d2)) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_update_6c8bc0ba" after update on "public"."technician" referencing old table as old_rows new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"technician\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."technician_audit_update_6c8bc0ba_fn"();`,
    );
    this.addSql(`create or replace function "public"."technician_audit_delete_8aed1864_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from old_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."technician"']) and true then return null; end if;     if note ->> 'own' = '"public"."technician"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."technician" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'technician', o."id"::text, null::text, null::text, 'delete', v.b, null::jsonb, nullif(coalesce(case when o."name"::text is not null then jsonb_build_object('own', left(o."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from old_rows o cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(o."id"), 'null'::jsonb), 'name', coalesce(to_jsonb(o."name"), 'null'::jsonb), 'email', coalesce(to_jsonb(o."email"), 'null'::jsonb)) as b offset 0) v  where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_delete_8aed1864" after delete on "public"."technician" referencing old table as old_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"technician\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."technician_audit_delete_8aed1864_fn"();`,
    );

    this.addSql(`create or replace function "public"."app_user_audit_insert_0849122d_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."app_user"']) and true then return null; end if;     if note ->> 'own' = '"public"."app_user"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."app_user" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'user', n."id"::text, null::text, null::text, 'create', null::jsonb, v.a, nullif(coalesce(case when n."name"::text is not null then jsonb_build_object('own', left(n."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.a::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from new_rows n cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(n."id"), 'null'::jsonb), 'name', coalesce(to_jsonb(n."name"), 'null'::jsonb), 'email', coalesce(to_jsonb(n."email"), 'null'::jsonb), 'tokenHash', case when n."token_hash" is null then 'null'::jsonb else '{"$mask":{"kind":"redact"}}'::jsonb end) as a offset 0) v where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_insert_0849122d" after insert on "public"."app_user" referencing new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"app_user\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."app_user_audit_insert_0849122d_fn"();`,
    );
    this.addSql(`create or replace function "public"."app_user_audit_truncate_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$begin
  if starts_with(current_query(), '/*audit:{"also":true') and true then return null; end if;   if exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, 'audit_insert')) then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';   end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_truncate" before truncate on "public"."app_user" for each statement execute function "public"."app_user_audit_truncate_fn"();`,
    );
    this.addSql(`create or replace function "public"."app_user_audit_update_6a9e33b5_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."app_user"']) and true then return null; end if;     if note ->> 'own' = '"public"."app_user"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."app_user" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'user', o."id"::text, coalesce(null::text, null::text), coalesce(null::text, null::text), 'update', v.b, v.a, nullif(coalesce(case when n."name"::text is not null then jsonb_build_object('own', left(n."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text || v.a::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), case when null::text <> null::text then null::text end, nullif(n."id"::text, o."id"::text), null::text[]
    from (select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #") cross join lateral (select (o."id" is distinct from n."id") as d0, (o."name"::text collate "C" is distinct from n."name"::text collate "C") as d1, (o."email"::text collate "C" is distinct from n."email"::text collate "C") as d2, (o."token_hash"::text collate "C" is distinct from n."token_hash"::text collate "C") as d3 offset 0) d cross join lateral (select ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(o."id"), 'null'::jsonb))::text end, case when d.d1 then '"name":' || (coalesce(to_jsonb(o."name"), 'null'::jsonb))::text end, case when d.d2 then '"email":' || (coalesce(to_jsonb(o."email"), 'null'::jsonb))::text end, case when d.d3 then '"tokenHash":' || (case when o."token_hash" is null then 'null'::jsonb else '{"$mask":{"kind":"redact"}}'::jsonb end)::text end) || '}')::jsonb as b, ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(n."id"), 'null'::jsonb))::text end, case when d.d1 then '"name":' || (coalesce(to_jsonb(n."name"), 'null'::jsonb))::text end, case when d.d2 then '"email":' || (coalesce(to_jsonb(n."email"), 'null'::jsonb))::text end, case when d.d3 then '"tokenHash":' || (case when n."token_hash" is null then 'null'::jsonb else '{"$mask":{"kind":"redact"}}'::jsonb end)::text end) || '}')::jsonb as a offset 0) v
    where true and true and (d.d0 or d.d1 or d.d2 or d.d3)) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_update_6a9e33b5" after update on "public"."app_user" referencing old table as old_rows new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"app_user\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."app_user_audit_update_6a9e33b5_fn"();`,
    );
    this.addSql(`create or replace function "public"."app_user_audit_delete_92a07fad_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from old_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."app_user"']) and true then return null; end if;     if note ->> 'own' = '"public"."app_user"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."app_user" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'user', o."id"::text, null::text, null::text, 'delete', v.b, null::jsonb, nullif(coalesce(case when o."name"::text is not null then jsonb_build_object('own', left(o."name"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text as said offset 0) s) then '{"$careful":[{"path":["name"],"raw":false,"hides":true,"named":false},{"path":["email"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from old_rows o cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(o."id"), 'null'::jsonb), 'name', coalesce(to_jsonb(o."name"), 'null'::jsonb), 'email', coalesce(to_jsonb(o."email"), 'null'::jsonb), 'tokenHash', case when o."token_hash" is null then 'null'::jsonb else '{"$mask":{"kind":"redact"}}'::jsonb end) as b offset 0) v  where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_delete_92a07fad" after delete on "public"."app_user" referencing old table as old_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"app_user\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."app_user_audit_delete_92a07fad_fn"();`,
    );

    this.addSql(`create or replace function "public"."work_order_audit_insert_c6a4a8f4_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; audit_secret_hints constant text[] := '{"%pass%","%pw%","%psw%","%kennwort%","%geheim%","%contras%","%senha%","%parola%","%salasana%","%haslo%","%heslo%","%wachtwoord%","%senord%","%secret%","%token%","%tkn%","%jwt%","%cred%","%auth%","%otp%","%cvv%","%cvc%","%csc%","%iban%","%ssn%","%mnemonic%","%psk%","%nino%","%aadhaar%","%kube%","%netrc%","%srf%","%cookie%","%key%","%pem%","%secur%","%insur%","%recovery%","%backup%","%reset%","%unlock%","%signin%","%magic%","%one%time%","%invit%","%activation%","%impersonation%","%factor%","%sms%code%","%verif%code%","%confirm%code%","%pin%code%","%access%code%","%time%code%","%login%code%","%fa%code%","%door%code%","%alarm%code%","%entry%code%","%card%code%","%device%code%","%gate%code%","%locker%code%","%safe%code%","%login%link%","%verif%link%","%confirm%link%","%signed%link%","%sas%link%","%login%ur%","%verif%ur%","%confirm%ur%","%signed%ur%","%sas%ur%","%conn%","%database%","%mongo%","%redis%","%postgres%","%jdbc%","%webhook%","%smtp%","%broker%","%db%ur%","%db%str%","%mq%ur%","%mq%str%","%pg%ur%","%pg%str%","%sql%ur%","%sql%str%","%dsn%","%sess%","%php%","%\\"sid\\"%","%mfa%","%seed%","%bearer%","%salt%","%pepper%","%puk%","%pin\\"%","%pan\\"%","%pins%","%pans%","%pincode%","%pinhash%","%pinn%","%pinvalue%","%pinheader%","%pinenc%","%pinplain%","%pinid%","%pindigest%","%pinsalt%","%pancode%","%panhash%","%pann%","%panvalue%","%panheader%","%panenc%","%panplain%","%panid%","%card%n%","%cc%n%","%payment%n%","%cc%cv%","%credit%","%debit%","%national%id%","%personal%id%","%tax%payer%","%licen%n%","%bank%account%","%saml%"}'::text[]; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."work_order"']) and true then return null; end if;     if note ->> 'own' = '"public"."work_order"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."work_order" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'work-order', n."id"::text, null::text, null::text, 'create', null::jsonb, v.a, nullif(coalesce(case when n."title"::text is not null then jsonb_build_object('own', left(n."title"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 13107 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) or (octet_length(s.said) > 300 and jsonb_path_exists(jsonb_build_array(jsonb_path_query_array(v.a, 'lax $."customFields"')), 'strict $.** ? (@.type() == "number" && (@ >= 1.797693134862315807937289714053e308 || @ <= -1.797693134862315807937289714053e308 || (@ < 0 && @ > -2.4703282292062328e-324)))')) or (select strpos(r.held::text, '{"$') > 0 or jsonb_path_exists(r.held, 'strict $.**{32}') or (select (translate(lower(k.names collate "C"), '_-. 0123456789', '') like any (audit_secret_hints) or k.names ~ '[^\\u0001-\\u007f]') or (true and k.names like any ('{"%\\"key\\"%","%\\"name\\"%","%\\"field\\"%","%\\"header\\"%","%\\"property\\"%","%\\"param\\"%","%\\"parameter\\"%","%\\"variable\\"%","%\\"attribute\\"%","%\\"setting\\"%","%\\"option\\"%"}') and k.names like any ('{"%\\"value\\"%","%\\"values\\"%","%\\"val\\"%","%\\"content\\"%","%\\"data\\"%","%\\"before\\"%","%\\"after\\"%","%\\"old\\"%","%\\"new\\"%","%\\"oldValue\\"%","%\\"newValue\\"%","%\\"from\\"%","%\\"to\\"%"}'))
  from (select jsonb_path_query_array(r.held, 'strict $.** ? (@.type() == "object").keyvalue().key')::text as names offset 0) k) from (select jsonb_build_array(jsonb_path_query_array(v.a, 'lax $."customFields"')) as held offset 0) r) from (select v.a::text as said offset 0) s) then '{"$careful":[{"path":["number"],"raw":false,"hides":true,"named":false},{"path":["title"],"raw":false,"hides":true,"named":false},{"path":["status"],"raw":false,"hides":true,"named":false},{"path":["priority"],"raw":false,"hides":true,"named":false},{"path":["address.street"],"raw":false,"hides":true,"named":false},{"path":["address.postalCode"],"raw":false,"hides":true,"named":false},{"path":["address.city"],"raw":false,"hides":true,"named":false},{"path":["address.country"],"raw":false,"hides":true,"named":false},{"path":["customFields"],"raw":true,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, nullif(array_remove(array[case when true then 'work-order.customer:' || n."customer_id"::text end, case when true then 'work-order.technician:' || n."technician_id"::text end], null), '{}')
    from new_rows n cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(n."id"), 'null'::jsonb), 'number', coalesce(to_jsonb(n."number"), 'null'::jsonb), 'title', coalesce(to_jsonb(n."title"), 'null'::jsonb), 'status', coalesce(to_jsonb(n."status"), 'null'::jsonb), 'priority', coalesce(to_jsonb(n."priority"), 'null'::jsonb), 'price', coalesce(to_jsonb(n."price"::text), 'null'::jsonb), 'scheduledAt', coalesce(to_jsonb(case when (n."scheduled_at" at time zone 'UTC') >= '0001-01-01' and (n."scheduled_at" at time zone 'UTC') < '10000-01-01' then to_char((n."scheduled_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  when isfinite(n."scheduled_at") then case when (extract(year from (n."scheduled_at" at time zone 'UTC'))::int + case when (n."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) = 0 then '0000' else case when (extract(year from (n."scheduled_at" at time zone 'UTC'))::int + case when (n."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) < 0 then '-' else '+' end || lpad(abs((extract(year from (n."scheduled_at" at time zone 'UTC'))::int + case when (n."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end))::text, 6, '0') end || substr(to_char((n."scheduled_at" at time zone 'UTC'), '"0000"-MM-DD"T"HH24:MI:SS.MS"Z"'), 5) else n."scheduled_at"::text end), 'null'::jsonb), 'closedAt', coalesce(to_jsonb(case when (n."closed_at" at time zone 'UTC') >= '0001-01-01' and (n."closed_at" at time zone 'UTC') < '10000-01-01' then to_char((n."closed_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  when isfinite(n."closed_at") then case when (extract(year from (n."closed_at" at time zone 'UTC'))::int + case when (n."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) = 0 then '0000' else case when (extract(year from (n."closed_at" at time zone 'UTC'))::int + case when (n."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) < 0 then '-' else '+' end || lpad(abs((extract(year from (n."closed_at" at time zone 'UTC'))::int + case when (n."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end))::text, 6, '0') end || substr(to_char((n."closed_at" at time zone 'UTC'), '"0000"-MM-DD"T"HH24:MI:SS.MS"Z"'), 5) else n."closed_at"::text end), 'null'::jsonb), 'address.street', coalesce(to_jsonb(n."address_street"), 'null'::jsonb), 'address.postalCode', coalesce(to_jsonb(n."address_postal_code"), 'null'::jsonb), 'address.city', coalesce(to_jsonb(n."address_city"), 'null'::jsonb), 'address.country', coalesce(to_jsonb(n."address_country"), 'null'::jsonb), 'customFields', coalesce(n."custom_fields", 'null'::jsonb), 'customer', coalesce(to_jsonb(n."customer_id"), 'null'::jsonb), 'technician', coalesce(to_jsonb(n."technician_id"), 'null'::jsonb)) as a offset 0) v where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_insert_c6a4a8f4" after insert on "public"."work_order" referencing new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"work_order\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."work_order_audit_insert_c6a4a8f4_fn"();`,
    );
    this.addSql(`create or replace function "public"."work_order_audit_truncate_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$begin
  if starts_with(current_query(), '/*audit:{"also":true') and true then return null; end if;   if exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, 'audit_insert')) then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';   end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_truncate" before truncate on "public"."work_order" for each statement execute function "public"."work_order_audit_truncate_fn"();`,
    );
    this.addSql(`create or replace function "public"."work_order_audit_update_71f29a63_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; audit_secret_hints constant text[] := '{"%pass%","%pw%","%psw%","%kennwort%","%geheim%","%contras%","%senha%","%parola%","%salasana%","%haslo%","%heslo%","%wachtwoord%","%senord%","%secret%","%token%","%tkn%","%jwt%","%cred%","%auth%","%otp%","%cvv%","%cvc%","%csc%","%iban%","%ssn%","%mnemonic%","%psk%","%nino%","%aadhaar%","%kube%","%netrc%","%srf%","%cookie%","%key%","%pem%","%secur%","%insur%","%recovery%","%backup%","%reset%","%unlock%","%signin%","%magic%","%one%time%","%invit%","%activation%","%impersonation%","%factor%","%sms%code%","%verif%code%","%confirm%code%","%pin%code%","%access%code%","%time%code%","%login%code%","%fa%code%","%door%code%","%alarm%code%","%entry%code%","%card%code%","%device%code%","%gate%code%","%locker%code%","%safe%code%","%login%link%","%verif%link%","%confirm%link%","%signed%link%","%sas%link%","%login%ur%","%verif%ur%","%confirm%ur%","%signed%ur%","%sas%ur%","%conn%","%database%","%mongo%","%redis%","%postgres%","%jdbc%","%webhook%","%smtp%","%broker%","%db%ur%","%db%str%","%mq%ur%","%mq%str%","%pg%ur%","%pg%str%","%sql%ur%","%sql%str%","%dsn%","%sess%","%php%","%\\"sid\\"%","%mfa%","%seed%","%bearer%","%salt%","%pepper%","%puk%","%pin\\"%","%pan\\"%","%pins%","%pans%","%pincode%","%pinhash%","%pinn%","%pinvalue%","%pinheader%","%pinenc%","%pinplain%","%pinid%","%pindigest%","%pinsalt%","%pancode%","%panhash%","%pann%","%panvalue%","%panheader%","%panenc%","%panplain%","%panid%","%card%n%","%cc%n%","%payment%n%","%cc%cv%","%credit%","%debit%","%national%id%","%personal%id%","%tax%payer%","%licen%n%","%bank%account%","%saml%"}'::text[]; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."work_order"']) and true then return null; end if;     if note ->> 'own' = '"public"."work_order"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."work_order" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'work-order', o."id"::text, coalesce(null::text, null::text), coalesce(null::text, null::text), 'update', v.b, v.a, nullif(coalesce(case when n."title"::text is not null then jsonb_build_object('own', left(n."title"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 13107 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) or (octet_length(s.said) > 300 and jsonb_path_exists(jsonb_build_array(jsonb_path_query_array(v.b, 'lax $."customFields"'), jsonb_path_query_array(v.a, 'lax $."customFields"')), 'strict $.** ? (@.type() == "number" && (@ >= 1.797693134862315807937289714053e308 || @ <= -1.797693134862315807937289714053e308 || (@ < 0 && @ > -2.4703282292062328e-324)))')) or (select strpos(r.held::text, '{"$') > 0 or jsonb_path_exists(r.held, 'strict $.**{32}') or (select (translate(lower(k.names collate "C"), '_-. 0123456789', '') like any (audit_secret_hints) or k.names ~ '[^\\u0001-\\u007f]') or (true and k.names like any ('{"%\\"key\\"%","%\\"name\\"%","%\\"field\\"%","%\\"header\\"%","%\\"property\\"%","%\\"param\\"%","%\\"parameter\\"%","%\\"variable\\"%","%\\"attribute\\"%","%\\"setting\\"%","%\\"option\\"%"}') and k.names like any ('{"%\\"value\\"%","%\\"values\\"%","%\\"val\\"%","%\\"content\\"%","%\\"data\\"%","%\\"before\\"%","%\\"after\\"%","%\\"old\\"%","%\\"new\\"%","%\\"oldValue\\"%","%\\"newValue\\"%","%\\"from\\"%","%\\"to\\"%"}'))
  from (select jsonb_path_query_array(r.held, 'strict $.** ? (@.type() == "object").keyvalue().key')::text as names offset 0) k) from (select jsonb_build_array(jsonb_path_query_array(v.b, 'lax $."customFields"'), jsonb_path_query_array(v.a, 'lax $."customFields"')) as held offset 0) r) from (select v.b::text || v.a::text as said offset 0) s) then '{"$careful":[{"path":["number"],"raw":false,"hides":true,"named":false},{"path":["title"],"raw":false,"hides":true,"named":false},{"path":["status"],"raw":false,"hides":true,"named":false},{"path":["priority"],"raw":false,"hides":true,"named":false},{"path":["address.street"],"raw":false,"hides":true,"named":false},{"path":["address.postalCode"],"raw":false,"hides":true,"named":false},{"path":["address.city"],"raw":false,"hides":true,"named":false},{"path":["address.country"],"raw":false,"hides":true,"named":false},{"path":["customFields"],"raw":true,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), case when null::text <> null::text then null::text end, nullif(n."id"::text, o."id"::text), nullif(array_remove(array[case when d.d13 then 'work-order.customer:' || n."customer_id"::text end, case when d.d14 then 'work-order.technician:' || n."technician_id"::text end], null), '{}')
    from (select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #") cross join lateral (select (o."id" is distinct from n."id") as d0, (o."number"::text collate "C" is distinct from n."number"::text collate "C") as d1, (o."title"::text collate "C" is distinct from n."title"::text collate "C") as d2, (o."status"::text collate "C" is distinct from n."status"::text collate "C") as d3, (o."priority"::text collate "C" is distinct from n."priority"::text collate "C") as d4, (o."price" is distinct from n."price") as d5, (date_trunc('milliseconds', o."scheduled_at") is distinct from date_trunc('milliseconds', n."scheduled_at")) as d6, (date_trunc('milliseconds', o."closed_at") is distinct from date_trunc('milliseconds', n."closed_at")) as d7, (o."address_street"::text collate "C" is distinct from n."address_street"::text collate "C") as d8, (o."address_postal_code"::text collate "C" is distinct from n."address_postal_code"::text collate "C") as d9, (o."address_city"::text collate "C" is distinct from n."address_city"::text collate "C") as d10, (o."address_country"::text collate "C" is distinct from n."address_country"::text collate "C") as d11, (coalesce(o."custom_fields", 'null'::jsonb) <> coalesce(n."custom_fields", 'null'::jsonb)) as d12, (o."customer_id" is distinct from n."customer_id") as d13, (o."technician_id" is distinct from n."technician_id") as d14 offset 0) d cross join lateral (select ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(o."id"), 'null'::jsonb))::text end, case when d.d1 then '"number":' || (coalesce(to_jsonb(o."number"), 'null'::jsonb))::text end, case when d.d2 then '"title":' || (coalesce(to_jsonb(o."title"), 'null'::jsonb))::text end, case when d.d3 then '"status":' || (coalesce(to_jsonb(o."status"), 'null'::jsonb))::text end, case when d.d4 then '"priority":' || (coalesce(to_jsonb(o."priority"), 'null'::jsonb))::text end, case when d.d5 then '"price":' || (coalesce(to_jsonb(o."price"::text), 'null'::jsonb))::text end, case when d.d6 then '"scheduledAt":' || (coalesce(to_jsonb(case when (o."scheduled_at" at time zone 'UTC') >= '0001-01-01' and (o."scheduled_at" at time zone 'UTC') < '10000-01-01' then to_char((o."scheduled_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  when isfinite(o."scheduled_at") then case when (extract(year from (o."scheduled_at" at time zone 'UTC'))::int + case when (o."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) = 0 then '0000' else case when (extract(year from (o."scheduled_at" at time zone 'UTC'))::int + case when (o."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) < 0 then '-' else '+' end || lpad(abs((extract(year from (o."scheduled_at" at time zone 'UTC'))::int + case when (o."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end))::text, 6, '0') end || substr(to_char((o."scheduled_at" at time zone 'UTC'), '"0000"-MM-DD"T"HH24:MI:SS.MS"Z"'), 5) else o."scheduled_at"::text end), 'null'::jsonb))::text end, case when d.d7 then '"closedAt":' || (coalesce(to_jsonb(case when (o."closed_at" at time zone 'UTC') >= '0001-01-01' and (o."closed_at" at time zone 'UTC') < '10000-01-01' then to_char((o."closed_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  when isfinite(o."closed_at") then case when (extract(year from (o."closed_at" at time zone 'UTC'))::int + case when (o."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) = 0 then '0000' else case when (extract(year from (o."closed_at" at time zone 'UTC'))::int + case when (o."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) < 0 then '-' else '+' end || lpad(abs((extract(year from (o."closed_at" at time zone 'UTC'))::int + case when (o."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end))::text, 6, '0') end || substr(to_char((o."closed_at" at time zone 'UTC'), '"0000"-MM-DD"T"HH24:MI:SS.MS"Z"'), 5) else o."closed_at"::text end), 'null'::jsonb))::text end, case when d.d8 then '"address.street":' || (coalesce(to_jsonb(o."address_street"), 'null'::jsonb))::text end, case when d.d9 then '"address.postalCode":' || (coalesce(to_jsonb(o."address_postal_code"), 'null'::jsonb))::text end, case when d.d10 then '"address.city":' || (coalesce(to_jsonb(o."address_city"), 'null'::jsonb))::text end, case when d.d11 then '"address.country":' || (coalesce(to_jsonb(o."address_country"), 'null'::jsonb))::text end, case when d.d12 then '"customFields":' || (coalesce(o."custom_fields", 'null'::jsonb))::text end, case when d.d13 then '"customer":' || (coalesce(to_jsonb(o."customer_id"), 'null'::jsonb))::text end, case when d.d14 then '"technician":' || (coalesce(to_jsonb(o."technician_id"), 'null'::jsonb))::text end) || '}')::jsonb as b, ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(n."id"), 'null'::jsonb))::text end, case when d.d1 then '"number":' || (coalesce(to_jsonb(n."number"), 'null'::jsonb))::text end, case when d.d2 then '"title":' || (coalesce(to_jsonb(n."title"), 'null'::jsonb))::text end, case when d.d3 then '"status":' || (coalesce(to_jsonb(n."status"), 'null'::jsonb))::text end, case when d.d4 then '"priority":' || (coalesce(to_jsonb(n."priority"), 'null'::jsonb))::text end, case when d.d5 then '"price":' || (coalesce(to_jsonb(n."price"::text), 'null'::jsonb))::text end, case when d.d6 then '"scheduledAt":' || (coalesce(to_jsonb(case when (n."scheduled_at" at time zone 'UTC') >= '0001-01-01' and (n."scheduled_at" at time zone 'UTC') < '10000-01-01' then to_char((n."scheduled_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  when isfinite(n."scheduled_at") then case when (extract(year from (n."scheduled_at" at time zone 'UTC'))::int + case when (n."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) = 0 then '0000' else case when (extract(year from (n."scheduled_at" at time zone 'UTC'))::int + case when (n."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) < 0 then '-' else '+' end || lpad(abs((extract(year from (n."scheduled_at" at time zone 'UTC'))::int + case when (n."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end))::text, 6, '0') end || substr(to_char((n."scheduled_at" at time zone 'UTC'), '"0000"-MM-DD"T"HH24:MI:SS.MS"Z"'), 5) else n."scheduled_at"::text end), 'null'::jsonb))::text end, case when d.d7 then '"closedAt":' || (coalesce(to_jsonb(case when (n."closed_at" at time zone 'UTC') >= '0001-01-01' and (n."closed_at" at time zone 'UTC') < '10000-01-01' then to_char((n."closed_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  when isfinite(n."closed_at") then case when (extract(year from (n."closed_at" at time zone 'UTC'))::int + case when (n."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) = 0 then '0000' else case when (extract(year from (n."closed_at" at time zone 'UTC'))::int + case when (n."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) < 0 then '-' else '+' end || lpad(abs((extract(year from (n."closed_at" at time zone 'UTC'))::int + case when (n."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end))::text, 6, '0') end || substr(to_char((n."closed_at" at time zone 'UTC'), '"0000"-MM-DD"T"HH24:MI:SS.MS"Z"'), 5) else n."closed_at"::text end), 'null'::jsonb))::text end, case when d.d8 then '"address.street":' || (coalesce(to_jsonb(n."address_street"), 'null'::jsonb))::text end, case when d.d9 then '"address.postalCode":' || (coalesce(to_jsonb(n."address_postal_code"), 'null'::jsonb))::text end, case when d.d10 then '"address.city":' || (coalesce(to_jsonb(n."address_city"), 'null'::jsonb))::text end, case when d.d11 then '"address.country":' || (coalesce(to_jsonb(n."address_country"), 'null'::jsonb))::text end, case when d.d12 then '"customFields":' || (coalesce(n."custom_fields", 'null'::jsonb))::text end, case when d.d13 then '"customer":' || (coalesce(to_jsonb(n."customer_id"), 'null'::jsonb))::text end, case when d.d14 then '"technician":' || (coalesce(to_jsonb(n."technician_id"), 'null'::jsonb))::text end) || '}')::jsonb as a offset 0) v
    where true and true and (d.d0 or d.d1 or d.d2 or d.d3 or d.d4 or d.d5 or d.d6 or d.d7 or d.d8 or d.d9 or d.d10 or d.d11 or d.d12 or d.d13 or d.d14)) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_update_71f29a63" after update on "public"."work_order" referencing old table as old_rows new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"work_order\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."work_order_audit_update_71f29a63_fn"();`,
    );
    this.addSql(`create or replace function "public"."work_order_audit_delete_29a3c666_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; audit_secret_hints constant text[] := '{"%pass%","%pw%","%psw%","%kennwort%","%geheim%","%contras%","%senha%","%parola%","%salasana%","%haslo%","%heslo%","%wachtwoord%","%senord%","%secret%","%token%","%tkn%","%jwt%","%cred%","%auth%","%otp%","%cvv%","%cvc%","%csc%","%iban%","%ssn%","%mnemonic%","%psk%","%nino%","%aadhaar%","%kube%","%netrc%","%srf%","%cookie%","%key%","%pem%","%secur%","%insur%","%recovery%","%backup%","%reset%","%unlock%","%signin%","%magic%","%one%time%","%invit%","%activation%","%impersonation%","%factor%","%sms%code%","%verif%code%","%confirm%code%","%pin%code%","%access%code%","%time%code%","%login%code%","%fa%code%","%door%code%","%alarm%code%","%entry%code%","%card%code%","%device%code%","%gate%code%","%locker%code%","%safe%code%","%login%link%","%verif%link%","%confirm%link%","%signed%link%","%sas%link%","%login%ur%","%verif%ur%","%confirm%ur%","%signed%ur%","%sas%ur%","%conn%","%database%","%mongo%","%redis%","%postgres%","%jdbc%","%webhook%","%smtp%","%broker%","%db%ur%","%db%str%","%mq%ur%","%mq%str%","%pg%ur%","%pg%str%","%sql%ur%","%sql%str%","%dsn%","%sess%","%php%","%\\"sid\\"%","%mfa%","%seed%","%bearer%","%salt%","%pepper%","%puk%","%pin\\"%","%pan\\"%","%pins%","%pans%","%pincode%","%pinhash%","%pinn%","%pinvalue%","%pinheader%","%pinenc%","%pinplain%","%pinid%","%pindigest%","%pinsalt%","%pancode%","%panhash%","%pann%","%panvalue%","%panheader%","%panenc%","%panplain%","%panid%","%card%n%","%cc%n%","%payment%n%","%cc%cv%","%credit%","%debit%","%national%id%","%personal%id%","%tax%payer%","%licen%n%","%bank%account%","%saml%"}'::text[]; begin
  if not exists (select from old_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."work_order"']) and true then return null; end if;     if note ->> 'own' = '"public"."work_order"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."work_order" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'work-order', o."id"::text, null::text, null::text, 'delete', v.b || coalesce(ended.links, '{}'), null::jsonb, nullif(coalesce(case when o."title"::text is not null then jsonb_build_object('own', left(o."title"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 13107 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) or (octet_length(s.said) > 300 and jsonb_path_exists(jsonb_build_array(jsonb_path_query_array(v.b, 'lax $."customFields"')), 'strict $.** ? (@.type() == "number" && (@ >= 1.797693134862315807937289714053e308 || @ <= -1.797693134862315807937289714053e308 || (@ < 0 && @ > -2.4703282292062328e-324)))')) or (select strpos(r.held::text, '{"$') > 0 or jsonb_path_exists(r.held, 'strict $.**{32}') or (select (translate(lower(k.names collate "C"), '_-. 0123456789', '') like any (audit_secret_hints) or k.names ~ '[^\\u0001-\\u007f]') or (true and k.names like any ('{"%\\"key\\"%","%\\"name\\"%","%\\"field\\"%","%\\"header\\"%","%\\"property\\"%","%\\"param\\"%","%\\"parameter\\"%","%\\"variable\\"%","%\\"attribute\\"%","%\\"setting\\"%","%\\"option\\"%"}') and k.names like any ('{"%\\"value\\"%","%\\"values\\"%","%\\"val\\"%","%\\"content\\"%","%\\"data\\"%","%\\"before\\"%","%\\"after\\"%","%\\"old\\"%","%\\"new\\"%","%\\"oldValue\\"%","%\\"newValue\\"%","%\\"from\\"%","%\\"to\\"%"}'))
  from (select jsonb_path_query_array(r.held, 'strict $.** ? (@.type() == "object").keyvalue().key')::text as names offset 0) k) from (select jsonb_build_array(jsonb_path_query_array(v.b, 'lax $."customFields"')) as held offset 0) r) from (select v.b::text as said offset 0) s) then '{"$careful":[{"path":["number"],"raw":false,"hides":true,"named":false},{"path":["title"],"raw":false,"hides":true,"named":false},{"path":["status"],"raw":false,"hides":true,"named":false},{"path":["priority"],"raw":false,"hides":true,"named":false},{"path":["address.street"],"raw":false,"hides":true,"named":false},{"path":["address.postalCode"],"raw":false,"hides":true,"named":false},{"path":["address.city"],"raw":false,"hides":true,"named":false},{"path":["address.country"],"raw":false,"hides":true,"named":false},{"path":["customFields"],"raw":true,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from old_rows o cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(o."id"), 'null'::jsonb), 'number', coalesce(to_jsonb(o."number"), 'null'::jsonb), 'title', coalesce(to_jsonb(o."title"), 'null'::jsonb), 'status', coalesce(to_jsonb(o."status"), 'null'::jsonb), 'priority', coalesce(to_jsonb(o."priority"), 'null'::jsonb), 'price', coalesce(to_jsonb(o."price"::text), 'null'::jsonb), 'scheduledAt', coalesce(to_jsonb(case when (o."scheduled_at" at time zone 'UTC') >= '0001-01-01' and (o."scheduled_at" at time zone 'UTC') < '10000-01-01' then to_char((o."scheduled_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  when isfinite(o."scheduled_at") then case when (extract(year from (o."scheduled_at" at time zone 'UTC'))::int + case when (o."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) = 0 then '0000' else case when (extract(year from (o."scheduled_at" at time zone 'UTC'))::int + case when (o."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) < 0 then '-' else '+' end || lpad(abs((extract(year from (o."scheduled_at" at time zone 'UTC'))::int + case when (o."scheduled_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end))::text, 6, '0') end || substr(to_char((o."scheduled_at" at time zone 'UTC'), '"0000"-MM-DD"T"HH24:MI:SS.MS"Z"'), 5) else o."scheduled_at"::text end), 'null'::jsonb), 'closedAt', coalesce(to_jsonb(case when (o."closed_at" at time zone 'UTC') >= '0001-01-01' and (o."closed_at" at time zone 'UTC') < '10000-01-01' then to_char((o."closed_at" at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  when isfinite(o."closed_at") then case when (extract(year from (o."closed_at" at time zone 'UTC'))::int + case when (o."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) = 0 then '0000' else case when (extract(year from (o."closed_at" at time zone 'UTC'))::int + case when (o."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end) < 0 then '-' else '+' end || lpad(abs((extract(year from (o."closed_at" at time zone 'UTC'))::int + case when (o."closed_at" at time zone 'UTC') < '0001-01-01' then 1 else 0 end))::text, 6, '0') end || substr(to_char((o."closed_at" at time zone 'UTC'), '"0000"-MM-DD"T"HH24:MI:SS.MS"Z"'), 5) else o."closed_at"::text end), 'null'::jsonb), 'address.street', coalesce(to_jsonb(o."address_street"), 'null'::jsonb), 'address.postalCode', coalesce(to_jsonb(o."address_postal_code"), 'null'::jsonb), 'address.city', coalesce(to_jsonb(o."address_city"), 'null'::jsonb), 'address.country', coalesce(to_jsonb(o."address_country"), 'null'::jsonb), 'customFields', coalesce(o."custom_fields", 'null'::jsonb), 'customer', coalesce(to_jsonb(o."customer_id"), 'null'::jsonb), 'technician', coalesce(to_jsonb(o."technician_id"), 'null'::jsonb)) as b offset 0) v left join jsonb_each(nullif(current_setting('audit.links_0defd77f6ebc', true), '')::jsonb) ended(id, links) on ended.id = o."id"::text where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_delete_29a3c666" after delete on "public"."work_order" referencing old table as old_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"work_order\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."work_order_audit_delete_29a3c666_fn"();`,
    );
    this.addSql(`create or replace function "public"."work_order_audit_collect_4af4eba8_fn"() returns trigger language plpgsql stable security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$begin
  perform set_config('audit.links_0defd77f6ebc', coalesce((
    select jsonb_object_agg(id, links)::text from (
      select id, jsonb_object_agg(name, links) as links from (select o."id"::text as id, 'tags' as name, jsonb_build_object('$links', jsonb_agg(concat(l."tag_id"))) as links from old_rows o join "public"."work_order_tags" l on l."work_order_id" = o."id" where true and true group by 1) of_relation group by id
    ) of_entity
  ), ''), true);   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_collect_4af4eba8" after delete on "public"."work_order" referencing old table as old_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"work_order\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."work_order_audit_collect_4af4eba8_fn"();`,
    );

    this.addSql(`create or replace function "public"."work_order_tags_audit_link_insert_0aca8855_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."work_order_tags"']) and true then return null; end if;     if note ->> 'own' = '"public"."work_order_tags"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."work_order_tags" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'work-order', x.id, null::text, null::text, 'update', case when x.lost is null then '{}'::jsonb else jsonb_build_object('tags', jsonb_build_object('$links', x.lost)) end, case when x.came is null then '{}'::jsonb else jsonb_build_object('tags', jsonb_build_object('$links', x.came)) end, null::jsonb, null, null, x.tg
    from (select id, k0, jsonb_agg(t) filter (where s < 0) as lost, jsonb_agg(t) filter (where s > 0) as came, array_agg('work-order.tags:' || t) filter (where s > 0) as tg
      from (select id, k0, t, sum(s) as s from (select concat(z."work_order_id") as id, "work_order_id" as k0, concat(z."tag_id") as t, 1 as s from new_rows z where true) r group by id, k0, t) d where s <> 0 group by id, k0) x join "public"."work_order" w on w."id" = x.k0
    where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*) into written from changes;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_link_insert_0aca8855" after insert on "public"."work_order_tags" referencing new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"work_order_tags\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."work_order_tags_audit_link_insert_0aca8855_fn"();`,
    );
    this.addSql(`create or replace function "public"."work_order_tags_audit_link_truncate_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$begin
  if starts_with(current_query(), '/*audit:{"also":true') and true then return null; end if;   if exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, 'audit_link_insert')) then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';   end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_link_truncate" before truncate on "public"."work_order_tags" for each statement execute function "public"."work_order_tags_audit_link_truncate_fn"();`,
    );
    this.addSql(`create or replace function "public"."work_order_tags_audit_link_update_85a57302_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."work_order_tags"']) and true then return null; end if;     if note ->> 'own' = '"public"."work_order_tags"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."work_order_tags" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'work-order', x.id, null::text, null::text, 'update', case when x.lost is null then '{}'::jsonb else jsonb_build_object('tags', jsonb_build_object('$links', x.lost)) end, case when x.came is null then '{}'::jsonb else jsonb_build_object('tags', jsonb_build_object('$links', x.came)) end, null::jsonb, null, null, x.tg
    from (select id, k0, jsonb_agg(t) filter (where s < 0) as lost, jsonb_agg(t) filter (where s > 0) as came, array_agg('work-order.tags:' || t) filter (where s > 0) as tg
      from (select id, k0, t, sum(s) as s from (select concat(z."work_order_id") as id, "work_order_id" as k0, concat(z."tag_id") as t, -1 as s from (select o.* from (select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #") where o."work_order_id" = n."work_order_id" or exists (select from "public"."work_order" w where w."id" = o."work_order_id")) z where true union all select concat(z."work_order_id") as id, "work_order_id" as k0, concat(z."tag_id") as t, 1 as s from (select n.* from (select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #") where o."work_order_id" = n."work_order_id" or exists (select from "public"."work_order" w where w."id" = o."work_order_id")) z where true) r group by id, k0, t) d where s <> 0 group by id, k0) x join "public"."work_order" w on w."id" = x.k0
    where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*) into written from changes;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_link_update_85a57302" after update on "public"."work_order_tags" referencing old table as old_rows new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"work_order_tags\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."work_order_tags_audit_link_update_85a57302_fn"();`,
    );
    this.addSql(`create or replace function "public"."work_order_tags_audit_link_delete_df8e05e1_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; begin
  if not exists (select from old_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."work_order_tags"']) and true then return null; end if;     if note ->> 'own' = '"public"."work_order_tags"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."work_order_tags" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'work-order', x.id, null::text, null::text, 'update', case when x.lost is null then '{}'::jsonb else jsonb_build_object('tags', jsonb_build_object('$links', x.lost)) end, case when x.came is null then '{}'::jsonb else jsonb_build_object('tags', jsonb_build_object('$links', x.came)) end, null::jsonb, null, null, x.tg
    from (select id, k0, jsonb_agg(t) filter (where s < 0) as lost, jsonb_agg(t) filter (where s > 0) as came, array_agg('work-order.tags:' || t) filter (where s > 0) as tg
      from (select id, k0, t, sum(s) as s from (select concat(z."work_order_id") as id, "work_order_id" as k0, concat(z."tag_id") as t, -1 as s from old_rows z where true) r group by id, k0, t) d where s <> 0 group by id, k0) x join "public"."work_order" w on w."id" = x.k0
    where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*) into written from changes;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_link_delete_df8e05e1" after delete on "public"."work_order_tags" referencing old table as old_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"work_order_tags\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."work_order_tags_audit_link_delete_df8e05e1_fn"();`,
    );

    this.addSql(`create or replace function "public"."line_item_audit_insert_8b5d779b_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."line_item"']) and true then return null; end if;     if note ->> 'own' = '"public"."line_item"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."line_item" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'line-item', n."id"::text, case when n."work_order_id"::text is not null then 'work-order' end, n."work_order_id"::text, 'create', null::jsonb, v.a, nullif(coalesce(case when n."description"::text is not null then jsonb_build_object('own', left(n."description"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.a::text as said offset 0) s) then '{"$careful":[{"path":["description"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, nullif(array_remove(array[case when true then 'line-item.workOrder:' || n."work_order_id"::text end], null), '{}')
    from new_rows n cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(n."id"), 'null'::jsonb), 'workOrder', coalesce(to_jsonb(n."work_order_id"), 'null'::jsonb), 'description', coalesce(to_jsonb(n."description"), 'null'::jsonb), 'quantity', coalesce(to_jsonb(n."quantity"), 'null'::jsonb), 'unitPrice', coalesce(to_jsonb(n."unit_price"::text), 'null'::jsonb)) as a offset 0) v where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_insert_8b5d779b" after insert on "public"."line_item" referencing new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"line_item\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."line_item_audit_insert_8b5d779b_fn"();`,
    );
    this.addSql(`create or replace function "public"."line_item_audit_truncate_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$begin
  if starts_with(current_query(), '/*audit:{"also":true') and true then return null; end if;   if exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, 'audit_insert')) then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';   end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_truncate" before truncate on "public"."line_item" for each statement execute function "public"."line_item_audit_truncate_fn"();`,
    );
    this.addSql(`create or replace function "public"."line_item_audit_update_d8fbf615_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from new_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."line_item"']) and true then return null; end if;     if note ->> 'own' = '"public"."line_item"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."line_item" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'line-item', o."id"::text, coalesce(case when n."work_order_id"::text is not null then 'work-order' end, case when o."work_order_id"::text is not null then 'work-order' end), coalesce(n."work_order_id"::text, o."work_order_id"::text), 'update', v.b, v.a, nullif(coalesce(case when n."description"::text is not null then jsonb_build_object('own', left(n."description"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text || v.a::text as said offset 0) s) then '{"$careful":[{"path":["description"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), case when o."work_order_id"::text <> n."work_order_id"::text then o."work_order_id"::text end, nullif(n."id"::text, o."id"::text), nullif(array_remove(array[case when d.d1 then 'line-item.workOrder:' || n."work_order_id"::text end], null), '{}')
    from (select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #") cross join lateral (select (o."id" is distinct from n."id") as d0, (o."work_order_id" is distinct from n."work_order_id") as d1, (o."description"::text collate "C" is distinct from n."description"::text collate "C") as d2, (o."quantity" is distinct from n."quantity") as d3, (o."unit_price" is distinct from n."unit_price") as d4 offset 0) d cross join lateral (select ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(o."id"), 'null'::jsonb))::text end, case when d.d1 then '"workOrder":' || (coalesce(to_jsonb(o."work_order_id"), 'null'::jsonb))::text end, case when d.d2 then '"description":' || (coalesce(to_jsonb(o."description"), 'null'::jsonb))::text end, case when d.d3 then '"quantity":' || (coalesce(to_jsonb(o."quantity"), 'null'::jsonb))::text end, case when d.d4 then '"unitPrice":' || (coalesce(to_jsonb(o."unit_price"::text), 'null'::jsonb))::text end) || '}')::jsonb as b, ('{' || concat_ws(',', case when d.d0 then '"id":' || (coalesce(to_jsonb(n."id"), 'null'::jsonb))::text end, case when d.d1 then '"workOrder":' || (coalesce(to_jsonb(n."work_order_id"), 'null'::jsonb))::text end, case when d.d2 then '"description":' || (coalesce(to_jsonb(n."description"), 'null'::jsonb))::text end, case when d.d3 then '"quantity":' || (coalesce(to_jsonb(n."quantity"), 'null'::jsonb))::text end, case when d.d4 then '"unitPrice":' || (coalesce(to_jsonb(n."unit_price"::text), 'null'::jsonb))::text end) || '}')::jsonb as a offset 0) v
    where true and true and (d.d0 or d.d1 or d.d2 or d.d3 or d.d4)) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_update_d8fbf615" after update on "public"."line_item" referencing old table as old_rows new table as new_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"line_item\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."line_item_audit_update_d8fbf615_fn"();`,
    );
    this.addSql(`create or replace function "public"."line_item_audit_delete_0f7acca7_fn"() returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off set datestyle = 'ISO, MDY' set timezone = 'UTC' set intervalstyle = 'postgres' set bytea_output = 'hex' set extra_float_digits = 1 set jit = off set plan_cache_mode = force_generic_plan as $audit$#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; marked boolean; begin
  if not exists (select from old_rows) then return null; end if;   if starts_with(current_query(), '/*audit:{') then
    note := split_part(substr(current_query(), 9), '*/', 1)::jsonb;     if (note -> 'also' = 'true' or note -> 'also' ?| array['"public"."line_item"']) and true then return null; end if;     if note ->> 'own' = '"public"."line_item"' and pg_trigger_depth() = 1 and true then
      raise exception 'audit trail: a foreign key of "public"."line_item" writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';     end if;     context := note -> 'context';   end if;   context := jsonb_strip_nulls(coalesce(context, nullif(current_setting('audit.context', true), '')::jsonb, '{}'));   if context ? 'actor' and (context #>> '{actor,type}' in ('user', 'service', 'system', 'anonymous', 'unknown')) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set audit.context to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';   end if;   with changes as materialized (
    select row_number() over () as n, x.* from (select 'line-item', o."id"::text, case when o."work_order_id"::text is not null then 'work-order' end, o."work_order_id"::text, 'delete', v.b, null::jsonb, nullif(coalesce(case when o."description"::text is not null then jsonb_build_object('own', left(o."description"::text, 200), 'targets', '{}'::jsonb) end, '{}') || case when (select octet_length(s.said) > 65536 or ((strpos(s.said, '://') > 0 and s.said ~ '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=')) or (strpos(s.said, '[') > 0 and lower(s.said collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')) from (select v.b::text as said offset 0) s) then '{"$careful":[{"path":["description"],"raw":false,"hides":true,"named":false}]}'::jsonb else '{}' end, '{}'), null, null, null::text[]
    from old_rows o cross join lateral (select jsonb_build_object('id', coalesce(to_jsonb(o."id"), 'null'::jsonb), 'workOrder', coalesce(to_jsonb(o."work_order_id"), 'null'::jsonb), 'description', coalesce(to_jsonb(o."description"), 'null'::jsonb), 'quantity', coalesce(to_jsonb(o."quantity"), 'null'::jsonb), 'unitPrice', coalesce(to_jsonb(o."unit_price"::text), 'null'::jsonb)) as b offset 0) v  where true) x(t, i, rt, ri, o, b, a, l, lr, nt, tg)
  ), known as materialized (
    select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from (
      select id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id from "public"."audit_change"
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into "public"."audit_change" (actor_type, actor_id, actor_label, on_behalf_of, authentication_method, action, reason, outcome, origin, correlation_id, trace_id, span_id, restored_revision_id, metadata, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select coalesce(context #>> '{actor,type}', 'database'), case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end, context #>> '{actor,label}', context -> 'onBehalfOf', context ->> 'authenticationMethod', context ->> 'action', context ->> 'reason', 'success', coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null)), context ->> 'correlationId', context ->> 'traceId', context ->> 'spanId', (context ->> 'restoredRevisionId')::bigint, context -> 'metadata', t, i, rt, ri, o, b, a, l, lr, nt, tg
    from changes where n = 1 and not exists (select from known)
    returning id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into "public"."audit_change" (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, entity_type, entity_id, part_of_type, part_of_id, operation, before, after, labels, part_of_id_before, renamed_to, targets)
    select header.*, t, i, rt, ri, o, b, a, l, lr, nt, tg from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*), bool_or(l ? '$careful') into written, marked from changes;   if marked then
    if not exists (select from pg_trigger where tgrelid = '"public"."audit_change"'::regclass and starts_with(tgname, 'audit_careful') and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger audit_careful of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';     end if;   end if;   if written > 0 then perform set_config('audit.written_in', pg_current_xact_id()::text, true); end if;   return null; end$audit$;`);
    this.addSql(
      `create or replace trigger "audit_delete_0f7acca7" after delete on "public"."line_item" referencing old table as old_rows for each statement when ((starts_with(current_query(), '/*audit:{"own":"\\"public\\".\\"line_item\\""') and pg_trigger_depth() = 0 and true) is not true) execute function "public"."line_item_audit_delete_0f7acca7_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "audit_position" cascade;`);
    this.addSql(`drop table if exists "audit_tick" cascade;`);

    this.addSql(`drop trigger if exists "audit_insert_0849122d" on "app_user";`);
    this.addSql(`drop function if exists "app_user_audit_insert_0849122d_fn"();`);
    this.addSql(`drop trigger if exists "audit_update_6a9e33b5" on "app_user";`);
    this.addSql(`drop function if exists "app_user_audit_update_6a9e33b5_fn"();`);
    this.addSql(`drop trigger if exists "audit_delete_92a07fad" on "app_user";`);
    this.addSql(`drop function if exists "app_user_audit_delete_92a07fad_fn"();`);

    this.addSql(`drop trigger if exists "audit_careful_6eb91d84" on "audit_change";`);
    this.addSql(`drop function if exists "audit_change_audit_careful_6eb91d84_fn"();`);

    this.addSql(`drop trigger if exists "audit_insert_c12213df" on "customer";`);
    this.addSql(`drop function if exists "customer_audit_insert_c12213df_fn"();`);
    this.addSql(`drop trigger if exists "audit_update_1ceb0aaf" on "customer";`);
    this.addSql(`drop function if exists "customer_audit_update_1ceb0aaf_fn"();`);
    this.addSql(`drop trigger if exists "audit_delete_184d2eb6" on "customer";`);
    this.addSql(`drop function if exists "customer_audit_delete_184d2eb6_fn"();`);

    this.addSql(`drop trigger if exists "audit_insert_8b5d779b" on "line_item";`);
    this.addSql(`drop function if exists "line_item_audit_insert_8b5d779b_fn"();`);
    this.addSql(`drop trigger if exists "audit_update_d8fbf615" on "line_item";`);
    this.addSql(`drop function if exists "line_item_audit_update_d8fbf615_fn"();`);
    this.addSql(`drop trigger if exists "audit_delete_0f7acca7" on "line_item";`);
    this.addSql(`drop function if exists "line_item_audit_delete_0f7acca7_fn"();`);

    this.addSql(`drop trigger if exists "audit_insert_706e71c8" on "tag";`);
    this.addSql(`drop function if exists "tag_audit_insert_706e71c8_fn"();`);
    this.addSql(`drop trigger if exists "audit_update_b1c9e0bc" on "tag";`);
    this.addSql(`drop function if exists "tag_audit_update_b1c9e0bc_fn"();`);
    this.addSql(`drop trigger if exists "audit_delete_ee4160a7" on "tag";`);
    this.addSql(`drop function if exists "tag_audit_delete_ee4160a7_fn"();`);

    this.addSql(`drop trigger if exists "audit_insert_7df60caf" on "technician";`);
    this.addSql(`drop function if exists "technician_audit_insert_7df60caf_fn"();`);
    this.addSql(`drop trigger if exists "audit_update_6c8bc0ba" on "technician";`);
    this.addSql(`drop function if exists "technician_audit_update_6c8bc0ba_fn"();`);
    this.addSql(`drop trigger if exists "audit_delete_8aed1864" on "technician";`);
    this.addSql(`drop function if exists "technician_audit_delete_8aed1864_fn"();`);

    this.addSql(`drop trigger if exists "audit_insert_c6a4a8f4" on "work_order";`);
    this.addSql(`drop function if exists "work_order_audit_insert_c6a4a8f4_fn"();`);
    this.addSql(`drop trigger if exists "audit_update_71f29a63" on "work_order";`);
    this.addSql(`drop function if exists "work_order_audit_update_71f29a63_fn"();`);
    this.addSql(`drop trigger if exists "audit_delete_29a3c666" on "work_order";`);
    this.addSql(`drop function if exists "work_order_audit_delete_29a3c666_fn"();`);
    this.addSql(`drop trigger if exists "audit_collect_4af4eba8" on "work_order";`);
    this.addSql(`drop function if exists "work_order_audit_collect_4af4eba8_fn"();`);

    this.addSql(`drop trigger if exists "audit_link_insert_0aca8855" on "work_order_tags";`);
    this.addSql(`drop function if exists "work_order_tags_audit_link_insert_0aca8855_fn"();`);
    this.addSql(`drop trigger if exists "audit_link_update_85a57302" on "work_order_tags";`);
    this.addSql(`drop function if exists "work_order_tags_audit_link_update_85a57302_fn"();`);
    this.addSql(`drop trigger if exists "audit_link_delete_df8e05e1" on "work_order_tags";`);
    this.addSql(`drop function if exists "work_order_tags_audit_link_delete_df8e05e1_fn"();`);
  }
}
