"""The secrets of the corpus, by kind."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.secrets_corpus import Case, Draw, cases, fill

_NAMES_APART = (
    "DB_PASSWORD DATABASE_PASSWORD POSTGRES_PASSWORD MYSQL_ROOT_PASSWORD REDIS_PASSWORD MONGO_PASS "
    "SMTP_PASS SMTP_PASSWORD RABBITMQ_DEFAULT_PASS ADMIN_PASSWORD ROOT_PW LDAP_BIND_PW BIND_PASSWD "
    "API_KEY API_SECRET APP_KEY LARAVEL_APP_KEY APP_SECRET SECRET_KEY SECRET_KEY_BASE "
    "DJANGO_SECRET_KEY RAILS_MASTER_KEY SESSION_SECRET SESSION_KEY COOKIE_SECRET JWT_SECRET "
    "JWT_SIGNING_KEY ENCRYPTION_KEY SIGNING_KEY MASTER_KEY FERNET_KEY PRIVATE_KEY DEPLOY_KEY "
    "SSH_PRIVATE_KEY GITHUB_TOKEN GITLAB_TOKEN NPM_TOKEN SLACK_BOT_TOKEN VAULT_TOKEN SENTRY_AUTH_TOKEN "
    "ACCESS_TOKEN REFRESH_TOKEN OAUTH_CLIENT_SECRET CLIENT_SECRET WEBHOOK_SECRET TUNNEL_PSK WIFI_PSK "
    "IPSEC_PSK PRE_SHARED_KEY TUNNEL1_PRESHARED_KEY ENABLE_PASSWORD ENABLE_SECRET SNMP_COMMUNITY "
    "SNMP_COMMUNITY_STRING REDISCLI_AUTH BASIC_AUTH REGISTRY_AUTH PROXY_PASSWORD KEYSTORE_PASSWORD "
    "TRUSTSTORE_PASSWORD KEY_PASSPHRASE GPG_PASSPHRASE SSH_PASSPHRASE PIN_CODE SIM_PIN OTP_SECRET "
    "TOTP_SECRET HMAC_KEY HMAC_SECRET LICENSE_KEY DATADOG_API_KEY DD_API_KEY NEW_RELIC_LICENSE_KEY "
    "STRIPE_SECRET_KEY STRIPE_KEY SENDGRID_API_KEY TWILIO_AUTH_TOKEN AWS_SECRET_ACCESS_KEY "
    "AWS_SESSION_TOKEN AZURE_CLIENT_SECRET GOOGLE_CREDENTIALS DB_CREDENTIALS CONNECTION_STRING "
    "STORAGE_ACCOUNT_KEY SAS_TOKEN ACCOUNT_KEY UNSEAL_KEY ROOT_TOKEN CONSUL_HTTP_TOKEN NOMAD_TOKEN "
    "GRAFANA_ADMIN_PASSWORD GF_SECURITY_ADMIN_PASSWORD KC_DB_PASSWORD KEYCLOAK_ADMIN_PASSWORD "
    "ELASTIC_PASSWORD KIBANA_PASSWORD SNOWFLAKE_PASSWORD AIRFLOW__CORE__FERNET_KEY PASSWORD_SALT "
    "HASH_SALT FTP_PASS SFTP_PASSWORD MAIL_PASSWORD IMAP_PASS VPN_PSK RADIUS_SECRET SHARED_SECRET "
    "WORDPRESS_DB_PASSWORD AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_SALT MEILI_MASTER_KEY MINIO_ROOT_PASSWORD "
    "TF_TOKEN VAULT_SECRET_ID RECOVERY_CODE DB_PASSWORD_OLD PASSWORD_NEW USE_TOKEN SIGNING_SECRET"
)
_NAMES_IN_ONE = (
    "PGPASSWORD DBPASSWORD MYSQLPWD MYSQLPASSWORD GITLABTOKEN GITHUBTOKEN NPMTOKEN clientsecret "
    "ADMINPASSWORD SECRETKEYBASE APPSECRET ACCESSTOKEN PRIVATEKEY SESSIONSECRET JWTSECRET "
    "ENCRYPTIONKEY MASTERKEY WEBHOOKSECRET BASICAUTH DOCKERCONFIGJSON REDISPASSWORD REDISPASS "
    "SMTPPASSWORD SMTPPASS ROOTPASSWORD ROOTPW BINDPW LDAPPASSWORD DBPASS DBPWD DBPW APIKEY APITOKEN "
    "APISECRET AUTHTOKEN AUTHKEY authsecret sharedsecret sharedkey signingkey SIGNINGSECRET hmackey "
    "cookiesecret sessionkey sessiontoken SECRETKEY ACCESSKEY accesssecret refreshtoken bottoken "
    "botsecret USERPASSWORD userpass userpwd wifipassword wifikey vpnpsk ipsecpsk presharedkey "
    "keypassphrase sshpassphrase deploykey deploytoken licensekey servicekey servicetoken slacktoken "
    "vaulttoken consultoken nomadtoken PROXYPASS proxypassword keystorepassword truststorepass "
    "storepass keypass mailpassword mailpass ftppass ftppassword adminpass adminpwd adminsecret "
    "adminpw mongopassword postgrespassword pgpass elasticpassword kibanapassword grafanapassword "
    "masterpassword masterpwd dbsecret dbcredentials awssecretaccesskey awssecretkey awssessiontoken "
    "connectionstring accountkey storagekey tlskey sslkey gpgkey pgpkey rsakey aeskey cryptkey "
    "decryptionkey integrationkey ingestionkey oauthtoken oauthsecret otpsecret totpsecret PINCODE "
    "recoverykey unsealkey roottoken passcode oldpassword newpassword passwordold tokenvalue secretvalue"
)
_NAMES_OTHERWISE = (
    "dbPassword databasePassword masterUserPassword clientSecret apiKey api-key x-api-key X-Api-Key "
    "authToken accessToken secretAccessKey secretKeyBase privateKeyPem signingKey sharedSecret "
    "PasswordForRoot passwordOfAdmin TOKEN_GITHUB SECRET_STRIPE PASSWORD_DB PASSWORD_ADMIN SECRET_APP "
    "password1 password_2 DB_PASSWORD_1 token2 db.password spring.datasource.password "
    "spring.rabbitmq.password quarkus.datasource.password app.jwt.secret server.ssl.key-store-password "
    "javax.net.ssl.keyStorePassword ssl.keystore.password ssl.key.password sasl.password my-db-passwd "
    "PassWord pass_word pass-phrase Pass_Phrase smtp-pass smtpPass redisPass wifiPsk enableSecret "
    "DBPassword PGPassword APIKey APISecret JWTSecret OAuthToken OIDCClientSecret GitLabToken "
    "GitHubToken SQLPassword LDAPBindPassword bindPw rootPw adminPwd userPwd webhookSecret "
    "snmpCommunity communityString licenseKey pinCode simPin otpSeed hmacSecret basicAuth "
    "dockerAuth registryAuth proxyAuth authHeaderToken sentryDsn SENTRY_DSN keyPass storePass "
    ".dockerconfigjson client-key-data _authToken _auth connectionString ConnectionStrings__Password "
    "AccountKey SharedAccessKey sharedAccessSignatureToken instrumentationKey InstrumentationKey"
)
TOKENS = (
    "gl¦pat-«alnum20»", "gl¦rt-«alnum20»", "gl¦dt-«alnum20»", "gl¦ptt-«hex40»", "gh¦p_«alnum36»",
    "gh¦s_«alnum36»", "github¦_pat_«alnum22»_«alnum59»", "xo¦xb-«digits12»-«digits12»-«alnum24»",
    "xo¦xp-«digits12»-«digits12»-«digits12»-«hex32»", "xa¦pp-1-«upper11»-«digits13»-«hex64»",
    "sk¦_live_«alnum24»", "rk¦_test_«alnum24»", "wh¦sec_«alnum32»", "AK¦IA«upper16»", "AS¦IA«upper16»",
    "AI¦za«urlsafe35»", "GO¦CSPX-«urlsafe28»", "ya¦29.«urlsafe60»", "np¦m_«alnum36»",
    "py¦pi-AgEIcHlwaS5vcmc«urlsafe60»", "ru¦bygems_«hex48»", "dc¦kr_pat_«urlsafe27»",
    "do¦p_v1_«hex64»", "do¦o_v1_«hex64»", "hv¦s.«alnum90»", "hv¦b.«urlsafe140»",
    "«alnum14».at¦lasv1.«urlsafe64»", "SG¦.«urlsafe22».«urlsafe43»", "sk¦-ant-api03-«urlsafe93»AA",
    "sk¦-proj-«alnum20»T3BlbkFJ«alnum20»", "sk¦-«alnum48»", "hf¦_«alnum34»", "gs¦k_«alnum52»",
    "gl¦sa_«alnum32»_«hex8»", "gl¦c_«base60»", "sh¦pat_«hex32»", "sh¦pss_«hex32»", "da¦pi«hex32»",
    "li¦n_api_«alnum40»", "nt¦n_«digits11»«alnum35»", "PM¦AK-«hex24»-«hex34»", "pu¦l-«hex40»",
    "sn¦tryu_«hex64»", "sq¦0atp-«urlsafe22»", "EA¦AA«urlsafe60»", "AT¦ATT3xFfGF0«urlsafe180»",
    "AT¦BB«alnum32»", "CC¦IPAT_«alnum22»_«hex40»", "NR¦AK-«upper27»", "NR¦II-«urlsafe32»",
    "dt¦0c01.«upper24».«upper64»", "fi¦gd_«urlsafe40»", "ts¦key-auth-«alnum17»-«alnum32»",
    "ts¦key-api-«alnum16»-«alnum32»", "dp¦.pt.«alnum43»", "dp¦.st.prd.«alnum43»", "xk¦eysib-«hex64»-«alnum16»",
    "rd¦me_«lower70»", "sb¦p_«hex40»", "ps¦cale_tkn_«urlsafe43»", "ps¦cale_pw_«urlsafe43»",
    "bk¦ua_«hex40»", "pn¦u_«alnum36»", "pa¦t-na1-«uuid»", "rz¦p_live_«alnum14»", "sh¦ippo_live_«hex40»",
    "du¦ffel_live_«urlsafe43»", "EZ¦AK«alnum54»", "tv¦ly-«alnum32»", "nv¦api-«urlsafe64»",
    "r8¦_«alnum37»", "pp¦lx-«alnum48»", "xa¦i-«alnum80»", "AGE¦-SECRET-KEY-1«upper58»", "LT¦AI5t«alnum20»",
    "da¦2-«lower26»", "AC«hex32»", "SK«hex32»", "key¦-«hex32»", "«hex32»-us12", "1//0«urlsafe60»",
    "«digits9»:AA«urlsafe33»", "«alnum3»8Q~«alnum34»", "M«alnum23».«urlsafe6».«urlsafe38»",
    "eyJ«alnum30».eyJ«alnum60».«urlsafe43»", "CF¦PAT-«urlsafe43»", "nf¦p_«alnum36»", "cf¦ut_«alnum40»«hex8»",
    "AK¦Cp8«alnum65»", "op¦s_eyJ«base250»", "sg¦p_«hex40»", "wa¦ka_«uuid»", "CL¦OJARS_«lower60»",
    "ic¦o-«alnum32»", "sd¦k-«uuid»", "sha¦256~«urlsafe43»", "SW¦MTKN-1-«lower50»-«lower25»",
)  # fmt: skip
_RANDOM = (
    "«hex32»", "«hex40»", "«hex48»", "«hex56»", "«hex64»", "«hex96»", "«hex128»", "«alnum32»", "«alnum40»",
    "«alnum48»", "«alnum64»", "«base44»", "«base64»", "«base86»==", "«base43»=", "«urlsafe43»", "«lower40»",
    "«upper40»", "k=«hex64»", "use «hex64» to sign", "prefix-«hex32»", "v1:«hex48»", "it is «alnum40».",
    "«hex32»:«hex32»", "a/«base40»",
)  # fmt: skip
_PLACES = (
    "description", "Note", "value", "content", "config", "command", "custom_data", "parameter", "MODE",
    "SETTING", "data", "text", "comment", "option_settings", "extra",
)  # fmt: skip
COMMANDS = (
    "mysql -u root -p«pw» app", "mysqldump -h db -uapp -p'«pw»' app > /tmp/d", "mysqladmin -u root password «pw»",
    "mysql --password=«pw» app", "mysql --user=app --password «pw»", "sshpass -p «pw» ssh me@host",
    "sshpass -p'«pw»' scp a b:", "docker login -u me -p «pw» registry.example.org",
    "docker login --username me --password «pw»", "echo «pw» | docker login -u me --password-stdin",
    "curl -u app:«pw» https://api.example.org/x", "curl -sS --user app:«pw» https://h/x",
    "curl -H 'Authorization: Bearer «alnum24»' https://h", "curl -H \"X-Api-Key: «pw»\" https://h",
    "curl -H 'PRIVATE-TOKEN: «pw»' https://gitlab.example.org/api", "wget --password=«pw» https://h/x",
    "wget --user=me --http-password=«pw» https://h/x", "http -a me:«pw» https://h/x",
    "redis-cli -h cache -a «pw» ping", "redis-server --requirepass «pw»", "psql postgresql://app:«pw»@db/app",
    "PGPASSWORD=«pw» psql -h db app", "export GITHUB_TOKEN=«pw»", "export DB_PASSWORD='«pw»'",
    "mongo admin -u root -p «pw» --eval 1", "mongodump --username root --password «pw»",
    "ldapsearch -x -D cn=admin -w «pw» -b dc=x", "sqlcmd -S db -U sa -P «pw» -Q 'select 1'",
    "zip -r -P «pw» a.zip d", "7z x -p«pw» a.7z", "unzip -P «pw» a.zip", "openssl rsa -passin pass:«pw» -in k",
    "openssl enc -aes-256-cbc -k «pw» -in a", "openssl pkcs12 -export -passout pass:«pw»",
    "keytool -importkeystore -storepass «pw»", "keytool -genkey -keypass «pw»", "gpg --batch --passphrase «pw» -d f",
    "echo 'root:«pw»' | chpasswd", "echo \"ubuntu:«pw»\" | sudo chpasswd", "echo «pw» | passwd --stdin ec2-user",
    "echo «pw» | sudo -S yum update", "useradd -m -p «pw» deploy", "htpasswd -bc /etc/nginx/.htpasswd admin «pw»",
    "rabbitmqctl add_user app «pw»", "rabbitmqctl change_password app «pw»", "vault login «alnum26»",
    "vault kv put kv/app password=«pw»", "aws configure set aws_secret_access_key «base40»",
    "aws configure set default.aws_session_token «pw»", "git clone https://«alnum20»@github.com/o/r.git",
    "git clone https://oauth2:«alnum20»@gitlab.com/o/r.git", "git config http.extraheader 'AUTHORIZATION: basic «base24»'",
    "helm upgrade --set db.password=«pw» x y", "helm install x y --set-string auth.rootPassword=«pw»",
    "kubectl create secret generic db --from-literal=db=«pw»",
    "kubectl create secret docker-registry r --docker-password=«pw»", "docker run -e DB_PASSWORD=«pw» app",
    "docker run --env API_TOKEN=«pw» app", "java -Ddb.password=«pw» -jar a.jar",
    "java -Djavax.net.ssl.trustStorePassword=«pw» -jar a.jar", "az login --service-principal -u x -p «pw» --tenant t",
    "net user admin «pw» /add", "net use Z: \\\\srv\\share /user:dom\\me «pw»", "cmdkey /add:h /user:me /pass:«pw»",
    "smbclient //h/s -U me%«pw»", "mount -t cifs //h/s /m -o username=me,password=«pw»",
    "snmpwalk -v2c -c «pw» host", "ipmitool -H h -U admin -P «pw» power on", "twine upload -u me -p «pw» dist/*",
    "npm config set //registry.example.com/:_authToken «pw»", "npm config set _auth=«base24»",
    "pip install --index-url https://me:«pw»@pypi.example.org/simple x", "composer config github-oauth.github.com «hex40»",
    "ansible-playbook x -e 'ansible_become_password=«pw»'", "consul agent -encrypt-key «base44»",
    "datadog-agent --api-key «hex32»", "DD_API_KEY=«hex32» bash -c \"$(curl -L https://h)\"",
    "k3s agent --token «pw» --server https://h", "kubeadm join h:6443 --token «lower6».«lower16»",
    "ecs-cli --secret-key «base40»", "rclone config create s s3 secret_access_key «base40»",
    "s3cmd --secret_key=«base40» ls", "mc alias set s https://h «upper20» «base40»",
    "wpa_passphrase home «pw»", "ssh-keygen -t rsa -N «pw» -f k", "influx -username a -password «pw»",
    "clickhouse-client --user x --password «pw»", "cqlsh -u cassandra --password=«pw» h",
    "setx GITHUB_TOKEN «pw»", "$env:API_TOKEN = \"«pw»\"",
    "[Environment]::SetEnvironmentVariable(\"DB_PASSWORD\", \"«pw»\", \"Machine\")",
    "$p = ConvertTo-SecureString \"«pw»\" -AsPlainText -Force",
    "New-LocalUser x -Password (ConvertTo-SecureString -String '«pw»' -AsPlainText)", "set DB_PASSWORD=«pw»",
    "FROM a\nENV DB_PASSWORD «pw»\nRUN x", "FROM a\nENV API_TOKEN=«pw»\n", "ARG NPM_TOKEN=«pw»",
)  # fmt: skip
_SQL = (
    "CREATE USER app WITH PASSWORD '«pw»'", "CREATE ROLE app LOGIN PASSWORD '«pw»'",
    "ALTER USER app PASSWORD '«pw»'", "ALTER ROLE app WITH ENCRYPTED PASSWORD '«pw»'",
    "CREATE USER 'app'@'%' IDENTIFIED BY '«pw»'", "ALTER USER 'root'@'localhost' IDENTIFIED BY '«pw»'",
    "create user app identified by \"«pw»\"", "GRANT ALL ON a.* TO 'app'@'%' IDENTIFIED BY '«pw»'",
    "CREATE USER 'a'@'%' IDENTIFIED WITH mysql_native_password BY '«pw»'", "SET PASSWORD FOR 'a'@'%' = '«pw»'",
    "SET PASSWORD = PASSWORD('«pw»')", "CREATE LOGIN app WITH PASSWORD = '«pw»'",
    "CREATE LOGIN app WITH PASSWORD=N'«pw»', CHECK_POLICY=OFF", "ALTER LOGIN sa WITH PASSWORD = N'«pw»'",
    "UPDATE users SET password = '«pw»' WHERE id = 1", "CREATE USER x PASSWORD '«pw»' NOCREATEDB",
    "create external schema s from postgres uri 'h' secret 'x' password '«pw»'",
    "COPY t FROM 's3://b/k' CREDENTIALS 'aws_access_key_id=x;aws_secret_access_key=«base40»'",
    "CREATE SERVER s OPTIONS (user 'a', password '«pw»')", "CREATE USER MAPPING FOR a OPTIONS (password '«pw»')",
    "DO $$ BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''x'''; END $$; ALTER ROLE a PASSWORD '«pw»'",
)  # fmt: skip
_PAIRS = (
    "env:\n  - name: DB_PASSWORD\n    value: «pw»\n", "env:\n- name: \"API_TOKEN\"\n  value: \"«pw»\"\n",
    "- value: «pw»\n  name: REDIS_PASSWORD\n", "environment:\n  DB_PASSWORD: «pw»\n  MODE: x\n",
    "environment:\n  - DB_PASSWORD=«pw»\n  - MODE=x\n", "services:\n  db:\n    environment:\n      MYSQL_ROOT_PASSWORD: '«pw»'\n",
    "password: «pw»\nuser: app\n", "db:\n  user: app\n  password: \"«pw»\"\n", "[db]\npassword = «pw»\n",
    "{\"name\":\"X_TOKEN\",\"value\":\"«pw»\"}", "cfg {\"name\": \"X_TOKEN\", \"value\": \"«pw»\"} end",
    "a [{\"Key\":\"DbPassword\",\"Value\":\"«pw»\"}] b", "x \\\"name\\\":\\\"DB_PASSWORD\\\",\\\"value\\\":\\\"«pw»\\\" y",
    "t {\"value\":\"«pw»\",\"name\":\"API_SECRET\"} u", "<add key=\"ApiKey\" value=\"«pw»\" />",
    "<password>«pw»</password>", "<server><username>x</username><password>«pw»</password></server>",
    "<property name=\"connection.password\" value=\"«pw»\"/>", "<property><name>fs.s3a.secret.key</name><value>«base40»</value></property>",
    "password=«pw»\nuser=app", "spring.datasource.password=«pw»\n", "db_password: «pw»", "apiKey: '«pw»',",
    "const client = new X({ apiKey: '«pw»' })", "client = X(api_key=\"«pw»\")", "headers = {'x-api-key': '«pw»'}",
    "{\"auths\":{\"r.example.org\":{\"auth\":\"«base24»\"}}} ", "config.password = '«pw»'", "SECRET_KEY_BASE: «hex64»",
    "stringData:\n  token: «pw»\n", "- name: x\n  env:\n  - {name: GITHUB_TOKEN, value: «pw»}\n",
    "parameters:\n  - name: DbPassword\n    default: «pw»\n", "write_files:\n- path: /etc/x\n  content: |\n    password=«pw»\n",
    "mount_options: username=x,password=«pw»", "requirepass «pw»\nmaxmemory 1gb", "the password is: «pw»",
)  # fmt: skip
_URLS = (
    "https://«alnum20»@github.com/o/r.git", "https://x-access-token:«alnum20»@github.com/o/r",
    "https://«hex32»@o1.ingest.sentry.io/1", "https://api.example.org/x?token=«pw»", "https://h/x?api_key=«pw»",
    "https://h/x?apikey=«pw»&y=1", "https://h/x?a=1&access_token=«pw»", "https://h/f?code=«base40»==",
    "https://h/x?key=«alnum32»", "https://a.blob.core.windows.net/c?sv=2022-11-02&sig=«alnum40»%3D",
    "postgres://app:«pw»@db:5432/app", "mysql://root:«pw»@db/app", "mongodb+srv://a:«pw»@c.mongodb.net/db",
    "redis://:«pw»@cache:6379/0", "amqp://a:«pw»@mq:5672/v", "amqps://a:«pw»@b.mq.eu-west-1.amazonaws.com:5671",
    "smtp://u%40x:«pw»@mail:587", "ftp://u:«pw»@h/x", "https://u:«pw»@h/x", "ldap://cn=a:«pw»@h",
    "postgresql+psycopg2://a:«pw»@h/db", "jdbc:postgresql://h/db?user=a&password=«pw»",
    "jdbc:mysql://h/db?user=a&password=«pw»&useSSL=true", "jdbc:sqlserver://h;user=sa;password=«pw»;",
    "jdbc:oracle:thin:a/«pw»@//h:1521/x", "https://hooks.slack.com/services/T«upper8»/B«upper8»/«alnum24»",
    "https://discord.com/api/webhooks/«digits18»/«urlsafe68»", "https://x.webhook.office.com/webhookb2/«uuid»@«uuid»/x",
    "https://b.s3.amazonaws.com/k?X-Amz-Credential=x&X-Amz-Signature=«hex64»", "https://h/x?auth=«alnum32»",
    "https://h/x?sig=«alnum32»", "https://h/x#access_token=«pw»", "wss://h/s?jwt=«alnum40»", "git+https://«alnum24»@h/r",
    "s3://«upper20»:«base40»@b/k", "sqs://«upper20»:«alnum40»@", "https://events.pagerduty.com/x?routing_key=«hex32»",
    "https://maps.googleapis.com/x?key=AI«alnum37»", "https://h/hooks/catch/1?secret=«pw»",
)  # fmt: skip
_STRINGS = (
    "Server=db;Database=a;User Id=sa;Password=«pw»;", "Server=db;Uid=a;Pwd=«pw»;",
    "Data Source=h;User ID=a;Password='«pw»'", "host=db user=app password=«pw» dbname=x",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=«base86»==;EndpointSuffix=core.windows.net",
    "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey=«base43»=",
    "AccountEndpoint=https://x.documents.azure.com:443/;AccountKey=«base86»==;",
    "InstrumentationKey=«uuid»;IngestionEndpoint=https://h/", "HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=«base43»=",
    "user=a;passwd=«pw»;host=h", "Driver={ODBC Driver 17};Server=h;UID=sa;PWD=«pw»",
    "cache:6380,password=«pw»,ssl=True", "machine h login u password «pw»\n", "machine h\n  login u\n  password «pw»\n",
    "h:5432:db:u:«pw»\n", "*:*:*:u:«pw»", "//registry.example.com/:_authToken=«pw»\n", "//r/:_password=«base24»\n//r/:username=x",
    "registry=https://r\n_auth=«base24»\n", "admin:$apr1$«alnum8»$«alnum22»", "admin:$2y$05$«alnum53»",
    "root:$6$«alnum16»$«alnum86»:19000:0:99999:7:::", "u:{SHA}«base27»=", "users:\n- name: x\n  user:\n    token: «urlsafe40»\n",
    "users:\n- user:\n    client-key-data: «base200»\n", "[default]\naws_access_key_id = x\naws_secret_access_key = «base40»\n",
    "[pypi]\nusername = __token__\npassword = «pw»\n", "-----BEGIN RSA ¦PRIVATE KEY-----\n«base64»\n-----END RSA ¦PRIVATE KEY-----",
    "-----BEGIN ¦PRIVATE KEY-----\n«base64»\n", "-----BEGIN OPENSSH ¦PRIVATE KEY-----\n«base64»\n", "-----BEGIN EC ¦PRIVATE KEY-----\\n«base64»\\n",
    "-----BEGIN PGP ¦PRIVATE KEY BLOCK-----\n\n«base64»\n", "-----BEGIN ENCRYPTED ¦PRIVATE KEY-----\n«base64»\n",
    "-----BEGIN DSA ¦PRIVATE KEY-----\n«base64»\n", "PuTTY-User-Key-¦File-2: ssh-rsa\nEncryption: none\n",
    "---- BEGIN SSH2 ENCRYPTED ¦PRIVATE KEY ----\n«base64»\n", "[Interface]\nPrivateKey = «base43»=\nAddress = 10.0.0.1/24",
    "[Peer]\nPresharedKey = «base43»=\n", "network={\n ssid=\"x\"\n psk=\"«pw»\"\n}", "rocommunity: «pw»",
    "enable secret 5 $1$«alnum4»$«alnum22»", "snmp_community=«pw»", "crypto_psk: «pw»",
)  # fmt: skip
_ARGUMENTS: tuple[list[str], ...] = (
    ["--password", "«pw»"], ["app", "--api-key", "«pw»", "--verbose"], ["app", "--db-password=«pw»"],
    ["mysql", "-uroot", "-p«pw»"], ["sshpass", "-p", "«pw»", "ssh", "h"], ["curl", "-u", "a:«pw»", "https://h"],
    ["redis-server", "--requirepass", "«pw»"], ["redis-cli", "-a", "«pw»"], ["sh", "-c", "export X_TOKEN=«pw»"],
    ["app", "--token", "«pw»"], ["app", "-token", "«pw»"], ["java", "-Ddb.password=«pw»"],
    ["docker", "login", "-u", "x", "-p", "«pw»"], ["app", "--client-secret", "«pw»"], ["env", "DB_PASSWORD=«pw»", "app"],
    ["sqlcmd", "-S", "h", "-U", "sa", "-P", "«pw»"], ["ldapsearch", "-D", "cn=a", "-w", "«pw»"],
    ["app", "--secret", "«pw»"], ["psql", "postgres://a:«pw»@h/d"], ["snmpget", "-v2c", "-c", "«pw»", "h"],
)  # fmt: skip

_LATER_NAMES = (
    "MARIADB_ROOT_PASSWORD MSSQL_SA_PASSWORD SAPASSWORD DBUSERPASS ORACLE_PWD ORACLEPWD "
    "CASSANDRA_PASSWORD NEO4J_AUTH INFLUXDB_ADMIN_TOKEN influxtoken JENKINS_API_TOKEN JENKINSTOKEN "
    "SONAR_TOKEN sonartoken SNYK_TOKEN CODECOV_TOKEN DOCKERHUB_PASSWORD dockerpassword HUB_TOKEN "
    "QUAY_TOKEN ARTIFACTORY_API_KEY artifactorykey NEXUS_PASSWORD nexuspass PYPI_TOKEN "
    "CLOUDFLARE_API_TOKEN CF_API_KEY LINODE_TOKEN HEROKU_API_KEY FASTLY_API_TOKEN OKTA_CLIENT_TOKEN "
    "oktatoken AUTH0_CLIENT_SECRET auth0secret PAGERDUTY_TOKEN pagerdutykey OPSGENIE_API_KEY "
    "TELEGRAM_BOT_TOKEN DISCORD_TOKEN discordtoken TWITTER_CONSUMER_SECRET FACEBOOK_APP_SECRET "
    "fbappsecret GOOGLE_CLIENT_SECRET googleapikey MAPS_API_KEY RECAPTCHA_SECRET recaptchasecretkey "
    "HCAPTCHA_SECRET ALGOLIA_ADMIN_KEY algoliaadminkey MAILGUN_API_KEY mailgunkey "
    "POSTMARK_SERVER_TOKEN NEXTAUTH_SECRET nextauthsecret SUPABASE_SERVICE_ROLE_KEY servicerolekey "
    "HASURA_GRAPHQL_ADMIN_SECRET hasurasecret STRAPI_ADMIN_JWT_SECRET APP_KEYS API_TOKEN_SALT "
    "TRANSFER_TOKEN_SALT CELERY_BROKER_PASSWORD FLASK_SECRET_KEY flasksecret PHX_SECRET_KEY_BASE "
    "ERLANG_COOKIE erlangcookie RABBITMQ_ERLANG_COOKIE OIDC_SECRET oidcsecret SAML_PRIVATE_KEY "
    "samlkey TLS_KEY_PASSWORD certpassword PFX_PASSWORD pfxpass P12_PASSWORD KEYTAB_PASSWORD "
    "krbpassword ADMIN_TOKEN admintoken ADMIN_SECRET ROOT_PASS rootpass GUEST_PASSWORD "
    "READONLY_PASSWORD ropassword REPLICATION_PASSWORD replpassword PATRONI_SUPERUSER_PASSWORD "
    "GALERA_SST_PASSWORD XDB_PASS ENABLE_SECRET ENABLEPASSWORD CONSOLE_PASSWORD consolepw "
    "VTY_PASSWORD TACACS_KEY tacacskey RADIUS_KEY radiuskey OSPF_KEY BGP_PASSWORD bgppassword "
    "HSRP_KEY IKE_PSK ikepsk WPA_PASSPHRASE wpapassphrase WPA2_PSK PPPOE_PASSWORD VNC_PASSWORD "
    "vncpasswd RDP_PASSWORD WINRM_PASSWORD winrmpass ANSIBLE_BECOME_PASS SUDO_PASS sudopass "
    "BECOME_PASSWORD VAULT_PASS LUKS_PASSPHRASE lukskey GRUB_PASSWORD BIOS_PASSWORD IPMI_PASS "
    "ipmipass ILO_PASSWORD UNLOCK_PIN unlockpin CARD_PIN doorcode-pin ALARM_CODE_PIN "
)
"""Written when the rules were done."""

_LATER_TEXTS = (
    "bash -c 'mysql -uapp -p«pw» < /tmp/a.sql'",
    "docker compose run -e MYSQL_ROOT_PASSWORD=«pw» db",
    "ansible-vault decrypt --vault-password «pw» x",
    "aws rds modify-db-instance --db-instance-identifier x --master-user-password «pw»",
    "aws secretsmanager put-secret-value --secret-id a --secret-string «pw»",
    "aws cognito-idp admin-set-user-password --username a --password «pw»",
    "psql -c \"ALTER USER app WITH PASSWORD '«pw»'\"",
    "sudo mysql -e \"CREATE USER 'x'@'localhost' IDENTIFIED BY '«pw»';\"",
    "echo \"machine github.com login me password «pw»\" > ~/.netrc",
    "printf 'admin:%s' '«pw»' | curl --data token=«pw» h",
    "gcloud auth activate --password=«pw»",
    "kubectl config set-credentials a --token=«alnum32»",
    "flyway -user=a -password=«pw» migrate",
    "liquibase --username=a --password=«pw» update",
    "mongosh \"mongodb://root:«pw»@h/admin\"",
    "restic -r s3:x --password «pw»",
    "export AWS_SECRET_ACCESS_KEY=«base40»",
    "export AWS_ACCESS_KEY_ID=AK¦IA«upper16»",
    "git remote add o https://me:«alnum20»@bitbucket.org/o/r",
    "rsync --password-file=x; RSYNC_PASSWORD=«pw» rsync a b",
    "echo '«pw»' | sudo -S ls",
    "lftp -u me,«pw» h",
    "sftp://me:«pw»@h/x",
    "net user Administrator \"«pw»\"",
    "winrm set x @{Password=\"«pw»\"}",
    "$cred = New-Object X('a', (ConvertTo-SecureString '«pw»' -AsPlainText -Force))",
    "Set-Item Env:API_KEY '«pw»'",
    "db: {user: app, password: «pw»}",
    "{\"Parameters\":[{\"ParameterKey\":\"DbPassword\",\"ParameterValue\":\"«pw»\"}]}",
    "[client]\nuser=a\npassword=«pw»",
    "auth:\n  basic:\n    password: «pw»",
    "smtp_auth_password: «pw»",
    "slack_api_url: https://hooks.slack.com/services/T«upper8»/B«upper8»/«alnum24»",
    "remote_write:\n  bearer_token: «alnum40»",
    "x-api-key: «alnum32»",
    "Cookie: session=«alnum40»; csrftoken=«alnum32»",
    "hmac:«hex64»",
    "salt=«hex32»",
    "wg set wg0 private-key «base43»=",
    "encryption: aescbc\nkeys:\n- name: key1\n  secret: «base43»=",
    "pgbouncer userlist: \"app\" \"md5«hex32»\"",
    "tokens:\n- «urlsafe40»",
    "DATABASE_URL=postgres://a:«pw»@h/d",
    "mailto = smtp://a:«pw»@mail",
    "dsn: mysql://a:«pw»@tcp(h:3306)/d",
    "AccountName=a;AccountKey=«base86»==",
    "vault write auth/approle/login role_id=a secret_id=«uuid»",
    "op signin --secret-key A3-«upper6»-«upper6»-«upper5»",
    "consul acl: token = \"«uuid»\"",
    "{\"auth\":{\"password\":\"«pw»\"}}",
)  # fmt: skip

_LAST_NAMES = (
    "LDAP_ADMIN_PASSWORD ldapadminpw SCYLLA_PASSWORD scyllapass TIMESCALE_PWD CLICKHOUSE_PASSWORD "
    "clickhousepw MATOMO_TOKEN matomotoken GHOST_MAIL_PASS ghostmailpass DRONE_RPC_SECRET dronesecret "
    "CONCOURSE_KEY argocdpassword HARBOR_ADMIN_PASSWORD harborpw PORTAINER_PASS TRAEFIK_AUTH "
    "caddyapitoken PIHOLE_PASSWORD webpassword WEBPASSWORD ZABBIX_PSK zabbixpassword ICINGA_API_PASS "
    "SPLUNK_HEC_TOKEN hectoken LOGZIO_TOKEN HONEYCOMB_KEY honeycombkey ROLLBAR_ACCESS_TOKEN BUGSNAG_KEY "
    "SEGMENT_WRITE_KEY segmentwritekey MIXPANEL_SECRET AMPLITUDE_KEY LAUNCHDARKLY_SDK_KEY sdkkey "
    "PLAID_SECRET plaidsecret BRAINTREE_PRIVATE_KEY ADYEN_HMAC_KEY PAYPAL_CLIENT_SECRET paypalsecret "
    "KAFKA_SASL_PASSWORD kafkapassword SCHEMA_REGISTRY_AUTH NATS_PASS natstoken PULSAR_TOKEN "
    "GITEA_SECRET_KEY gogspassword BITBUCKET_APP_PASSWORD GERRIT_HTTP_PASSWORD SVN_PASS svnpassword "
    "ZOOM_JWT_SECRET webexbottoken ENCRYPTION_SALT passwordSalt tokenSigningKey dbUserPassword "
    "PasswordSmtp SecretForWebhook TokenOfBot"
)
_LAST_TEXTS = (
    "mariadb -u root -p«pw» -e 'select 1'", "mysqlimport --password='«pw»' db f", "podman login -u a -p «pw» quay.io",
    "curl --proxy-user a:«pw» https://h", "curl -d 'password=«pw»' https://h", "http POST h password=«pw»",
    "export NPM_TOKEN=\"«pw»\" && npm ci", "echo «pw» | helm registry login -u a --password-stdin r", "ldapmodify -D cn=a -w '«pw»' -f x",
    "export SECRET_KEY_BASE=«hex128»", "create user \"a\" with password '«pw»' superuser", "alter user a identified by '«pw»' replace 'x'",
    "- name: RABBITMQ_PASS\n  value: '«pw»'\n", "[{\"name\":\"SIGNING_KEY\",\"value\":\"«alnum24»\"}] x", "<secret>«pw»</secret>",
    "<entry key=\"db.password\">«pw»</entry>", "https://«alnum40»:x-oauth-basic@github.com/o/r", "mssql+pyodbc://sa:«pw»@h/d",
    "https://h/v1?client_secret=«pw»", "https://h/v1?x=1&hmac=«hex64»", "Uid=a;Password=«pw»;Encrypt=yes", "machine h login a password «pw» port 21",
    "[global]\nindex-url = https://a:«pw»@h/simple", "Authorization: token «hex40»", "X-Vault-Token: hv¦s.«alnum24»", "token=gl¦pat-«urlsafe20»",
    "RUN echo '//r/:_authToken=«alnum36»' > .npmrc", "docker build --build-arg NPM_TOKEN=«pw» .", "terraform login token: «alnum14».at¦lasv1.«alnum60»",
    "sops age key: AGE¦-SECRET-KEY-1«upper58»",
)  # fmt: skip

_HELD_BACK_NAMES = (
    "OPENSEARCH_PASSWORD opensearchpw MEMCACHED_SASL_PASS couchbasepassword COUCHDB_SECRET ARANGO_ROOT_PASSWORD "
    "PRESTASHOP_DB_PASSWD joomlapass DRUPAL_HASH_SALT MAGENTO_CRYPT_KEY NEXTCLOUD_ADMIN_PASSWORD "
    "nextcloudpass MATTERMOST_TOKEN rocketchattoken JITSI_APP_SECRET TURN_SECRET turnsecret COTURN_PASS "
    "MQTT_PASSWORD mqttpwd OPCUA_PASSWORD SIP_SECRET ASTERISK_PASS FREESWITCH_PW GITHUB_APP_PRIVATE_KEY "
    "GH_PAT_TOKEN renovatetoken TERRAFORM_CLOUD_TOKEN tfctoken PULUMI_ACCESS_TOKEN SPOTINST_TOKEN "
    "DATABRICKS_TOKEN dbtclouttoken FIVETRAN_API_SECRET airbytepassword METABASE_EMBEDDING_SECRET_KEY "
    "SUPERSET_SECRET_KEY redashcookiesecret TABLEAU_PASSWORD MetabaseDbPass looker.clientSecret accessKeySecret "
    "smtp_password_v2 AUTH_PASSWORD_HASH_KEY oidcClientSecret WIREGUARD_PRIVATE_KEY TWO_FACTOR_SECRET "
    "SHOPIFY_API_SECRET etsykey EBAY_CERT_TOKEN UPS_LICENSE_KEY fedexpassword LICENCE_KEY"
)
_HELD_BACK_TEXTS = (
    "mysql --host=h --user=a -p\"«pw»\" db", "xtrabackup --user=a --password=«pw»", "pg_dump 'host=h password=«pw»' > f", "REDISCLI_AUTH=«pw» redis-cli ping",
    "buildah login -u a -p «pw» r", "curl --user 'a:«pw»' -T f ftp://h", "curl -XPOST -d '{\"password\":\"«pw»\"}' h", "wget --header='X-Auth-Token: «pw»' h",
    "echo 'admin:«pw»' | sudo chpasswd", "gpg --passphrase='«pw»' -c f", "keytool -list -keystore k -storepass '«pw»'", "java -jar a.jar --spring.datasource.password=«pw»",
    "docker service create --env ADMIN_TOKEN=«pw» x", "ALTER USER a WITH LOGIN PASSWORD '«pw»' VALID UNTIL 'infinity'", "CREATE USER a IDENTIFIED BY '«pw»' REQUIRE SSL",
    "- name: SMTP_PASS\n  value: «pw»\n- name: A\n  value: b\n", "x={\"Name\":\"db_password\",\"Value\":\"«pw»\"}", "<setting name=\"ApiToken\" value=\"«pw»\"/>",
    "https://build:«pw»@nexus.example.org/repo", "redis://default:«pw»@h:6379", "https://h/cb?refresh_token=«pw»", "Data Source=h;Password=«pw»;User=a", "admin:$2b$12$«alnum53»",
    "vpn secret = \"«pw»\"", "API_KEY: \"«hex32»\"", "bot token «digits9»:AA«urlsafe33»", "AccessKeySecret: «alnum30»", "db.url=jdbc:mysql://h/d?user=a&password=«pw»",
    "openvpn auth: «hex64»", "sentry: https://«hex32»@sentry.example.org/4",
)  # fmt: skip
"""Of these and the names no rule was changed for one."""

_Wrap = Callable[[str], Any]


def planted() -> Iterator[Case]:
    """Every case that has a secret."""
    for kind, names in (
        ("names of several words", _NAMES_APART),
        ("names in one word", _NAMES_IN_ONE),
        ("names of another order or case", _NAMES_OTHERWISE),
    ):
        yield from cases(kind, ((name, _named(name)) for name in names.split()), 1)
    yield from cases("vendors' tokens", _texts(TOKENS), 2)
    yield from cases("random characters", _texts(_RANDOM), 4)
    yield from cases("commands", _texts(COMMANDS, _plain, _script), 1)
    yield from cases("SQL", _texts(_SQL), 2)
    yield from cases("names and values in texts", _texts(_PAIRS, _plain, _encoded, _twice), 1)
    yield from cases("URLs", _texts(_URLS), 2)
    yield from cases("connection strings and files", _texts(_STRINGS, _plain, _encoded), 1)
    yield from cases("later names", ((name, _named(name)) for name in _LATER_NAMES.split()), 1)
    yield from cases("later texts", _texts(_LATER_TEXTS), 1)
    yield from cases("last names", ((name, _named(name)) for name in _LAST_NAMES.split()), 1)
    yield from cases("last texts", _texts(_LAST_TEXTS), 1)
    held = ((name, _named(name)) for name in _HELD_BACK_NAMES.split())
    yield from cases("names held back", held, 1, held_back=True)
    yield from cases("texts held back", _texts(_HELD_BACK_TEXTS), 1, held_back=True)
    yield from cases(
        "arguments in lists",
        ((" ".join(each), _container(each)) for each in _ARGUMENTS),
        2,
    )


def _named(name: str) -> dict[str, Any]:
    """A value under a name, in one of the places that plans have for them."""
    places: tuple[dict[str, Any], ...] = (
        {"environment": [{"variables": {name: "«pw»", "MODE": "x"}}]},
        {name: "«pw»"},
        {"container_definitions": _in_json([{"environment": [{"name": name, "value": "«pw»"}]}])},
        {"parameter": [{"name": name, "value": "«pw»"}]},
        {"user_data": lambda draw: f"#!/bin/sh\nexport {name}={draw.pw(0)}\n"},
    )
    # A name with a dot or a dash is no variable of a shell.
    return places[sum(name.encode()) % (len(places) - (not name.isidentifier()))]


def _texts(templates: tuple[str, ...], *wraps: _Wrap) -> Iterator[tuple[str, Any]]:
    for number, each in enumerate(templates):
        # Cut in two where it would have the form of a real one.
        template = each.replace("¦", "")
        for wrap in wraps or (_plain,):
            yield each, {_PLACES[number % len(_PLACES)]: wrap(template)}


def _plain(template: str) -> str:
    return template


def _script(template: str) -> Callable[[Draw], str]:
    return lambda draw: _to_base64(f"#!/bin/bash\nset -e\n{fill(template, draw)}\necho done\n")


def _encoded(template: str) -> Callable[[Draw], str]:
    return lambda draw: _to_base64(fill(template, draw))


def _twice(template: str) -> Callable[[Draw], str]:
    return lambda draw: json.dumps({"a": json.dumps({"file": fill(template, draw)})})


def _in_json(value: Any) -> Callable[[Draw], str]:
    return lambda draw: fill(json.dumps(value, ensure_ascii=False), draw)


def _container(arguments: list[str]) -> dict[str, Any]:
    return {"container_definitions": _in_json([{"name": "app", "command": arguments}])}


def _to_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
