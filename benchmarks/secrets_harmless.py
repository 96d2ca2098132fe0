"""The values of the corpus that are no secrets, by kind."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from benchmarks.secrets_corpus import Case, cases, fill

_SWITCHES: dict[str, Any] = {
    "ENABLE_PASSWORD": "true", "USE_TOKEN": "false", "enable_secret_rotation": True, "REQUIRE_PASSWORD": "yes",
    "ALLOW_BASIC_AUTH": "0", "password_enabled": True, "SECRETS_ENABLED": "on", "AUTH": "none",
    "BASIC_AUTH": "false", "REDIS_AUTH": "disabled", "token_auth": "enabled", "authorization": "AWS_IAM",
    "registry_auth": "iam", "HTTP_AUTH": "basic", "PROXY_AUTH": "digest", "kerberos_auth": "optional",
    "authorization_type": "COGNITO_USER_POOLS", "api_key_required": True, "http_tokens": "required",
    "MASTER_KEY": "", "password": None, "rotate_token": "1", "webhook": "false", "cookies": "all",
    "access_token": "hours", "id_token": "minutes", "refresh_token": "days", "jwt": "300s", "token": "15m",
    "session_cookie": "PT1H", "auth_token": "30 days", "cookie": "86400", "refresh_tokens": 30, "tokens": 100,
    "client_secret": "arn:aws:secretsmanager:eu-west-1:«account»:secret:app/db-«alnum6»",
    "DB_PASSWORD": "${aws_secretsmanager_secret.db.arn}", "PASSWORD": "{{resolve:secretsmanager:app/db}}",
    "db_password": "arn:aws:ssm:eu-west-1:«account»:parameter/app/db/password", "API_KEY": "/app/prod/api_key",
    "API_TOKEN": "ssm:/app/prod/api_token", "secret_key": "$SECRET_KEY", "github_token": "<known after apply>",
}  # fmt: skip
_ABOUT: dict[str, Any] = {
    "password_policy": "strict", "token_validity_units": "hours", "secret_arn": "arn:aws:secretsmanager:eu-west-1:«account»:secret:db-«alnum6»",
    "max_tokens": 4096, "MAX_TOKENS": "4096", "ANSWER_MAX_TOKENS": "1024", "tokenizer": "cl100k_base", "keyspace": "orders",
    "keyboard": "us-intl", "monkey": "george", "public_key": "ssh-rsa AAAAB3NzaC1yc2E«base200» me@host", "key_name": "bastion-2024",
    "kms_key_id": "«uuid»", "authorizer_id": "«lower6»", "author": "Jane Doe", "passthrough": "when-no-match",
    "passthrough_behavior": "WHEN_NO_TEMPLATES", "compass": "north-west", "enable_password_policy": "default-2024",
    "secret_name": "app/prod/database", "secretName": "app-tls", "password_length": 32, "minimum_password_length": 14,
    "manage_master_user_password": True, "master_username": "postgres_admin", "password_last_changed": "2024-02-02T10:00:00Z",
    "temporary_password_validity_days": 7, "client_token": "«uuid»", "client_request_token": "terraform-2024020210", "creation_token": "app-efs-dev",
    "idempotency_token": "«uuid»", "token_endpoint": "https://auth.example.org/oauth/token", "token_url": "https://auth.example.org/token",
    "token_type": "Bearer", "secret_type": "kubernetes.io/tls", "auth_type": "scram-sha-256", "auth_scheme": "SECRETS", "iam_auth": "REQUIRED",
    "authorization_scopes": ["openid", "profile"], "authorizer_uri": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/x/invocations",
    "api_key_source": "HEADER", "api_key_selection_expression": "$request.header.x-api-key", "access_key_id_name": "primary",
    "hash_key": "tenantId", "range_key": "createdAt", "partition_key": "orderId", "sort_key": "timestamp", "route_key": "GET /items/{id}",
    "primary_key": "order_id", "foreign_key": "customer_id", "object_key": "uploads/2024/report.csv", "s3_key": "lambda/app-1.2.3.zip",
    "key": "environment", "tag_key": "CostCenter", "cache_key": "user-profile", "cache_key_parameters": ["method.request.path.id"],
    "metric_key": "requestCount", "label_key": "app.kubernetes.io/name", "config_key": "feature.flags", "context_key_names": ["aws:username"],
    "lookup_key": "host", "group_key": "region", "state_key": "network/terraform.tfstate", "key_usage": "ENCRYPT_DECRYPT",
    "key_spec": "SYMMETRIC_DEFAULT", "customer_master_key_spec": "RSA_2048", "key_policy_name": "default", "key_prefix": "logs/",
    "keypair": "bastion", "keyword": "database", "keywords": "error,timeout", "turkey": "istanbul", "jockey": "frankie",
    "passenger": "window-seat", "passed": "all-checks", "bypass": "maintenance", "bypass_policy": "none-2", "pass_through": "all-headers",
    "surpass": "limits-a", "spin": "left-hand", "pinpoint_app_id": "«hex32»", "pinned": "v1-branch", "spinner": "dots-a", "opinion": "neutral",
    "secretary": "Jane Doe", "secretsmanager": "eu-west-1-endpoint", "cookie_behavior": "whitelist", "cookie_names": ["session", "locale"],
    "saltstack": "master-1", "basalt": "grey-stone", "webhook_name": "ci-events", "webhook_filter": "PUSH", "dsn_name": "orders-db",
    "token_bucket": "burst-50", "tokens_per_minute": "90000", "token_budget": 100000, "num_tokens": "500", "total_tokens": "120000",
    "token_count": "1024", "tokenization": "wordpiece-v2", "token_issuer": "https://auth.example.org/", "jwt_issuer": "https://auth.example.org/",
    "jwt_audience": "orders-api", "password_reset_url": "https://example.org/reset", "password_file": "/run/secrets/db_password",
    "secret_path": "kv/data/app/prod", "secrets_store": "secrets-store-csi", "secrets_manager": "aws-managed-a", "secret_ref": "app-credentials",
    "credential_provider": "ecr-login", "credentials_arn": "arn:aws:iam::«account»:role/x", "credentials_parameter": "arn:aws:secretsmanager:eu-west-1:«account»:secret:x",
    "oauth_flows": ["code", "implicit"], "allowed_oauth_flows": ["client_credentials"], "explicit_auth_flows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "oauth": "github-app", "oauth_provider": "github", "auth_header_name": "X-Auth", "community": "open-source", "communities": "65000:100",
    "mutual_auth": "request-only", "author_email": "jane@example.org", "authority": "https://login.example.org/common", "authentication_type": "token-based",
    "authentication": "saml-sso", "pwm_mode": "slow-fan", "password_complexity": "high-4", "password_history": "last-10", "secret_version": "AWSCURRENT",
    "secret_version_stage": "AWSPENDING", "secret_size": "64kb-max", "snapshot_identifier": "app-2024-02-02", "signing_algorithm": "RS256",
    "encryption_algorithm": "aws:kms-dsse", "encryption_mode": "SSE_KMS", "kms_master_key_id": "alias/aws/sqs", "token_region": "eu-west-1",
    "session_name": "deploy-run-12", "session_duration": "PT4H", "session_policy": "read-only-a", "license_type": "bring-your-own", "licenses": "apache-2",
    "password_encryption": "scram-sha-256", "password_prompt": "Enter it twice", "password_rotation_lambda": "rotator-fn",
}  # fmt: skip
_IDS = (
    "arn:aws:iam::«account»:role/service-role/AWSCodePipelineServiceRole-eu-west-1-«lower8»", "arn:aws:kms:eu-west-1:«account»:key/«uuid»",
    "arn:aws:acm:us-east-1:«account»:certificate/«uuid»", "arn:aws:lambda:eu-west-1:«account»:layer:powertools:42", "ami-0«hex16»",
    "subnet-0«hex16»", "sg-0«hex16»,sg-0«hex16»", "vpc-0«hex16»", "i-0«hex16»", "vol-0«hex16»", "eni-0«hex16»", "rtb-0«hex16»", "nat-0«hex16»",
    "Z0«upper19»", "E«upper13»", "«uuid»", "terraform-20240202«digits16»", "eu-west-1_«alnum9»", "AROA«upper17»", "AIDA«upper17»",
    "arn:aws:ecs:eu-west-1:«account»:task/app/«hex32»", "arn:aws:elasticloadbalancing:eu-west-1:«account»:loadbalancer/app/x/«hex16»",
    "arn:aws:elasticloadbalancing:eu-west-1:«account»:targetgroup/x/«hex16»", "arn:aws:autoscaling:eu-west-1:«account»:autoScalingGroup:«uuid»:autoScalingGroupName/x",
    "arn:aws:sns:eu-west-1:«account»:topic:«uuid»", "arn:aws:states:eu-west-1:«account»:stateMachine:ProcessTheOrdersOfTheDayAndNotify",
    "arn:aws:cloudfront::«account»:distribution/E«upper13»", "arn:aws:wafv2:us-east-1:«account»:global/webacl/app-web-acl/«uuid»", "origin-access-identity/cloudfront/E«upper13»",
    "«account».dkr.ecr.eu-west-1.amazonaws.com/team/app:1.2.3", "«account».dkr.ecr.eu-west-1.amazonaws.com/team/app@sha256:«hex64»",
    "«account».dkr.ecr.eu-west-1.amazonaws.com/team/app:«hex40»", "nginx@sha256:«hex64»", "sha256:«hex64»", "public.ecr.aws/docker/library/python:3.12-slim",
    "arn:aws:secretsmanager:eu-west-1:«account»:secret:rds!db-«uuid»-«alnum6»", "db-«upper26»", "cluster-«upper26»", "arn:aws:rds:eu-west-1:«account»:db:orders-primary-instance",
    "fs-0«hex16»", "fsap-0«hex16»", "pcx-0«hex16»", "tgw-attach-0«hex16»", "lt-0«hex16»", "eipalloc-0«hex16»", "igw-0«hex16»", "acl-0«hex16»", "pl-6fa54006", "cgw-0«hex16»",
    "d-«lower10».execute-api.eu-west-1.amazonaws.com", "app.«lower12».eu-west-1.rds.amazonaws.com", "master.app.«lower6».euw1.cache.amazonaws.com",
    "internal-app-«digits10».eu-west-1.elb.amazonaws.com", "https://sqs.eu-west-1.amazonaws.com/«account»/orders-dead-letter-queue-for-retries",
    "https://oidc.eks.eu-west-1.amazonaws.com/id/«upper32»", "arn:aws:iam::«account»:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/«upper32»",
    "vpc-app-«lower26».eu-west-1.es.amazonaws.com", "Tf«alnum6»AppServiceTaskDefinitionRole", "API-Gateway-Execution-Logs_«lower10»/prod",
)  # fmt: skip
_HASHES: dict[str, str] = {
    "etag": "«hex32»", "source_code_hash": "«base43»=", "code_sha256": "«base43»=", "commit": "«hex40»", "git_commit": "«hex40»", "GIT_SHA": "«hex40»",
    "content_md5": "«hex32»", "checksum": "«hex64»", "image_digest": "sha256:«hex64»", "fingerprint": "«hex40»", "thumbprint": "«hex40»",
    "thumbprint_list": "«hex40»", "version_id": "«alnum32»", "object_version": "«alnum32»", "revision": "«hex40»", "Revision": "«hex40»", "source_hash": "«hex32»",
    "redeployment": "commit «hex40»", "sha1": "«hex40»", "digest": "«hex64»", "canonical_user_id": "«hex64»", "id": "«hex64»", "build_id": "«hex32»",
    "BuildSha": "«hex40»", "image_tag": "«hex40»", "image": "app:«hex64»", "asset_hash": "«hex64»", "template_hash": "«hex64»", "trace_id": "«hex32»",
    "s3_key": "«hex64».zip", "code_s3_key": "assets/«hex64».zip", "template_url": "https://b.s3.amazonaws.com/«hex64».json", "filename": "asset.«hex64».zip",
    "certificate_body": "-----BEGIN CERTIFICATE-----\n«base64»\n«base64»\n-----END CERTIFICATE-----\n", "certificate_chain": "-----BEGIN CERTIFICATE-----\n«base64»\n-----END CERTIFICATE-----",
    "description": "-----BEGIN CERTIFICATE-----\n«base64»\n«base64»\n-----END CERTIFICATE-----", "Note": "-----BEGIN PUBLIC KEY-----\n«base64»\n«base64»\n-----END PUBLIC KEY-----",
    "ca_certificate": "«base100»", "certificate_authority_data": "«base200»", "public_key": "-----BEGIN PUBLIC KEY-----\n«base64»\n-----END PUBLIC KEY-----",
    "content": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI«base43» me@host", "key_material": "ssh-rsa AAAAB3NzaC1yc2E«base200»", "integrity": "sha384-«base64»",
    "ssh_host": "github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI«base43»", "text": "actions/checkout@«hex40»", "module": "git::https://github.com/o/r.git?ref=«hex40»",
    "link": "https://github.com/o/r/commit/«hex40»", "page": "https://github.com/o/r/blob/«hex40»/README.md", "Deployed": "git sha «hex40»", "lock": "h1:«base43»=",
    "sums": "«hex64»  app.tar.gz\n", "verify": "echo '«hex64»  app.tgz' | sha256sum -c", "release_digest": "SHA256:«base43»", "md5": "«hex32»", "uuid": "«hex32»",
    "ca_cert": "«base200»", "csr": "-----BEGIN CERTIFICATE REQUEST-----\n«base64»\n-----END CERTIFICATE REQUEST-----", "request_id": "«hex32»", "layer_version": "«hex64»",
}  # fmt: skip
_TEXTS = (
    "The password of the database is drawn by Secrets Manager", "Rotate the password: see the runbook", "Grants read access to the secret of the application",
    "Token service of the orders API", "Public key of the bastion", "Key rotation is enabled", "Allows the function to read secrets", "no valid credential sources found",
    "Bearer authentication", "Basic authentication for partners", "API keys are required for partners", "Used by the CI to sign images", "Contact: jane@example.org",
    "managed by Terraform", "See https://wiki.example.org/display/OPS/Password+policy", "Secret rotation every 30 days", "Alarm when tokens per minute exceed the limit",
    "Webhook of the repository", "Owner: platform-team", "cost-center:1234", "mapvibe-dev/rag", "2024-02-02T10:00:00Z", "cron(0 3 * * ? *)", "rate(5 minutes)", "10.0.0.0/16",
    "2001:db8:85a3::8a2e:370:7334", "Enter the password: it must have 14 characters", "authorization: AWS_IAM", "auth: none", "password: required", "token: optional",
    "fields @timestamp, @message | filter @message like /password/ | sort @timestamp desc", "fields @message | filter key = 'orders' | stats count(*) by bin(5m)",
    "SELECT token_count, user_id FROM usage WHERE day = '2024-02-02'", "CREATE TABLE users (id int, password_hash text, token text)", "ALTER TABLE a ADD PRIMARY KEY (id)",
    "CREATE USER app WITH LOGIN", "GRANT rds_iam TO app", "select * from t where key = 'a' and value = 'b'", "{ $.eventName = \"GetSecretValue\" }",
    "{ ($.errorCode = \"AccessDenied\") && ($.userIdentity.type = \"Root\") }", "[ip, user, username, timestamp, request, status_code = 5*, bytes]",
    "#set($token = $input.params('token'))", "$context.authorizer.claims.sub", "$request.header.Authorization", "method.request.header.Authorization",
    "integration.request.header.X-Api-Key", "{\"statusCode\": 200}", "application/vnd.api+json", "TLSv1.2_2021", "ELBSecurityPolicy-TLS13-1-2-2021-06", "aws:kms", "alias/aws/secretsmanager",
    "secretsmanager:GetSecretValue", "ssm:GetParameters", "kms:Decrypt", "iam:PassRole", "cognito-idp:AdminSetUserPassword", "sts:GetServiceBearerToken", "codestar-connections:PassConnection",
    "com.amazonaws.eu-west-1.secretsmanager", "app-secrets-reader", "db-credentials-rotation", "token-refresh-function", "AmazonSSMManagedInstanceCore", "AWSSecretsManagerRotationTemplate",
    "SecretsManagerRDSPostgreSQLRotationSingleUser", "orders-password-reset-email-template", "arn:aws:iam::aws:policy/SecretsManagerReadWrite", "src/auth/token.handler", "auth.handler", "index.authorize",
    "https://auth.example.org/.well-known/jwks.json", "https://auth.example.org/oauth2/token?grant_type=client_credentials", "https://example.org/login?next=/home&lang=en", "https://me.example.org/@user/post",
    "ssh://git@github.com/o/r.git", "git@github.com:o/r.git", "https://git@github.com/o/r.git", "postgres://app@db:5432/app", "jdbc:postgresql://db:5432/app?sslmode=verify-full", "redis://cache:6379/0",
    "mongodb://h1:27017,h2:27017/?replicaSet=rs0", "s3://bucket/path/to/key=value/part-0001.parquet", "https://b.s3.eu-west-1.amazonaws.com/year=2024/month=02/x.json", "rds-ca-rsa2048-g1",
    "docker run -p 8080:80 nginx", "mkdir -p /opt/app", "ssh -p 22 ec2-user@host", "mysql --protocol=tcp -h db", "curl -fsSL https://example.org/install.sh | bash", "curl -u \"$USER:$PASS\" https://h",
    "mysql -u app -p\"$DB_PASSWORD\" app", "export DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id app)", "export TOKEN=${TOKEN}", "docker login -u AWS -p $(aws ecr get-login-password)",
    "aws ecr get-login-password | docker login --username AWS --password-stdin r", "TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)", "psql \"host=$H password=$P\"", "PGPASSWORD=$PGPASSWORD psql",
    "password = os.environ[\"DB_PASSWORD\"]", "const token = process.env.API_TOKEN", "api_key = get_secret('app/key')", "token: ${{ secrets.GITHUB_TOKEN }}", "password: '{{ vault_db_password }}'",
    "DB_PASSWORD_FILE=/run/secrets/db_password", "yum install -y httpd mod_auth_openidc pass", "systemctl enable --now sssd", "chmod 600 /etc/app/secret.key", "cp /etc/ssl/private/key.pem /opt/app/key.pem",
    "useradd -m -s /bin/bash deploy", "passwd -l root", "apt-get install -y keyutils gnupg", "pip install passlib secretstorage", "tar -xzpf app.tgz", "zip -r app.zip .", "unzip -o app.zip", "7z x app.7z",
    "name: app\nimage: nginx\nports:\n- 80:80\n", "env:\n- name: LOG_LEVEL\n  value: debug\n", "env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db\n      key: password\n",
    "environment:\n  LOG_LEVEL: info\n  MAX_TOKENS: 4096\n", "[db]\nhost = db\nport = 5432\n", "<add key=\"LogLevel\" value=\"Debug\" />", "<name>orders</name><version>1.2.3</version>", "{\"name\":\"LOG_LEVEL\",\"value\":\"debug\"}",
    "AmazonRDSEnhancedMonitoringRoleForTheDatabase", "ThisIsAVeryLongCamelCaseNameOfAStateMachineInProduction", "this-is-a-very-long-kebab-case-name-of-a-log-group-in-production-eu-west-1", "aws_vpc_endpoint_route_table_association.network_endpoint-s3_DAEC848A",
    "/aws/lambda/mapvibe-dev-rag-answer-questions-with-bedrock-function", "anthropic.claude-3-5-sonnet-20240620-v1:0", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon.titan-embed-text-v2:0", "AWS-RunPatchBaseline", "AWSManagedRulesKnownBadInputsRuleSet",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "v=spf1 include:amazonses.com -all", "v=DMARC1; p=quarantine; rua=mailto:d@example.org", "google-site-verification pending", "0 issue \"amazon.com\"",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "00000000000000000000000000000000", "--------------------------------------------------", "====================================", "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z", "lorem ipsum dolor sit amet consectetur",
)  # fmt: skip
_DOCUMENTS: tuple[Any, ...] = (
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue", "kms:Decrypt"], "Resource": "arn:aws:secretsmanager:*:«account»:secret:app/*"}]},
    {"Version": "2012-10-17", "Statement": [{"Sid": "PassRole", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}]},
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::«account»:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/«upper32»"}, "Action": "sts:AssumeRoleWithWebIdentity"}]},
    {"Statement": [{"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false", "aws:TokenIssueTime": "true"}}}]},
    [{"name": "app", "image": "«account».dkr.ecr.eu-west-1.amazonaws.com/app:«hex40»", "environment": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "MAX_TOKENS", "value": "4096"}]}],
    [{"name": "app", "image": "nginx", "secrets": [{"name": "DB_PASSWORD", "valueFrom": "arn:aws:ssm:eu-west-1:«account»:parameter/app/db/password"}]}],
    [{"name": "app", "image": "nginx", "secrets": [{"name": "API_KEY", "valueFrom": "/app/prod/api_key"}]}],
    [{"name": "app", "command": ["serve", "--port", "8080", "--workers", "4"], "entryPoint": ["sh", "-c"]}],
    [{"name": "app", "command": ["mkdir", "-p", "/opt/app"]}], [{"name": "db", "command": ["docker", "run", "-p", "80:80", "app"]}],
    [{"name": "app", "command": ["app", "--token-file", "/run/token", "--password-length", "32"]}], [{"name": "app", "command": ["app", "--password", "$DB_PASSWORD"]}],
    [{"name": "app", "command": ["curl", "-f", "http://localhost/health"], "repositoryCredentials": {"credentialsParameter": "arn:aws:secretsmanager:eu-west-1:«account»:secret:hub"}}],
    {"widgets": [{"type": "metric", "properties": {"metrics": [["AWS/Lambda", "Invocations", "FunctionName", "token-refresh"]], "region": "eu-west-1", "title": "Tokens"}}]},
    {"widgets": [{"type": "log", "properties": {"query": "SOURCE '/aws/lambda/x' | fields @message | filter @message like /token/", "region": "eu-west-1"}}]},
    {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"Token.$": "$$.Task.Token"}, "End": True}}},
    {"rules": [{"rulePriority": 1, "description": "keep ten", "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 10}}]},
    {"source": ["aws.secretsmanager"], "detail-type": ["AWS API Call via CloudTrail"], "detail": {"eventName": ["PutSecretValue"]}},
    {"openapi": "3.0.1", "components": {"securitySchemes": {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}}},
    {"openapi": "3.0.1", "paths": {"/a": {"get": {"security": [{"api_key": []}], "parameters": [{"name": "token", "in": "query"}]}}}},
    {"password_policy": {"minimum_length": 12, "require_numbers": True, "temporary_password_validity_days": 7}},
    {"token_validity_units": {"access_token": "hours", "id_token": "hours", "refresh_token": "days"}}, {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/app", "awslogs-stream-prefix": "auth"}}},
    {"vpn": {"tunnel1_ike_versions": ["ikev2"], "tunnel1_phase1_encryption_algorithms": ["AES256-GCM-16"]}}, {"metadata_options": {"http_tokens": "required", "http_endpoint": "enabled"}},
)  # fmt: skip

_LATER_NAMES = {
    "password_strength": "high-5",
    "tokens_used": "1200",
    "TOKEN_LIMIT": "5000",
    "secret_count": "12",
    "PASSWORD_MIN_LENGTH": "12",
    "auth_mode": "oidc-only",
    "auth_url": "https://auth.example.org",
    "AUTH_PROVIDER": "cognito-prod",
    "key_algorithm": "RSA_2048",
    "key_rotation_period": "P90D",
    "secret_rotation_days": "30",
    "rotate_keys": "true",
    "cookie_domain": "example.org",
    "cookie_path": "/app",
    "session_timeout": "30m",
    "session_ttl": "3600",
    "passive_mode": "true",
    "passport_office": "berlin",
    "compassion": "north",
    "tokyo": "region-a",
    "keynote": "talk-1",
    "monkeypatch": "gevent-all",
    "hotkey": "ctrl-s",
    "donkey": "grey",
    "keyring_name": "app-ring",
    "kms_key_alias": "alias/app",
    "ssh_key_name": "bastion",
    "key_pair_name": "bastion",
    "key_vault_name": "kv-app",
    "secret_store_csi": "enabled",
    "webhook_url_path": "/hooks",
    "webhook_events": "push",
    "api_key_name": "partner-a",
    "token_audience": "api",
    "token_ttl": "3600",
    "jwt_algorithm": "RS256",
    "jwt_header": "Authorization",
    "password_grant": "disabled",
    "cred_type": "static",
    "author_id": "12",
    "authored_by": "jane",
    "oauth_scope": "openid",
    "oauth_client_id": "app-web-client",
    "client_id": "3kd82jf93kdj",
    "user_pool_client_id": "«lower26»",
    "access_key_age": "90d",
    "certificate_arn": "arn:aws:acm:us-east-1:«account»:certificate/«uuid»",
    "salted": "true",
    "pinterest": "board-x",
    "spinning": "no",
    "tokenizer_name": "bert",
    "pw_policy": "strict-a",
    "otp_length": "6",
    "mfa_configuration": "OPTIONAL",
    "dsn_prefix": "orders",
    "passphrase_hint": "ask",
    "secret_prefix": "app/prod",
    "credentials_file": "/root/.aws/credentials",
    "key_file": "/etc/ssl/key.pem",
    "token_file": "/var/run/token",
    "password_command": "pass show",
    "ssl_key_path": "/etc/ssl/k",
    "primary_key_column": "id",
    "unique_key": "email",
    "lock_key": "LockID",
    "dedup_key": "orderId",
    "idempotency_key": "requestId",
    "shard_key": "tenant",
    "message_key": "id",
    "group_by_key": "az",
}  # fmt: skip
"""Written when the rules were done."""

_LATER_TEXTS = (
    "Deploys the password rotation function every night",
    "docker run --rm -p 5432:5432 -e POSTGRES_DB=app postgres",
    "aws secretsmanager get-secret-value --secret-id app/db --query SecretString",
    "aws ssm get-parameter --name /app/db/password --with-decryption",
    "export PGPASSWORD=$(cat /run/secrets/db)",
    "export DB_PASSWORD=\"$(aws ssm get-parameter --name x)\"",
    "if [ -z \"$API_TOKEN\" ]; then exit 1; fi",
    "DB_PASSWORD: ${DB_PASSWORD}",
    "password: !Ref DbPassword",
    "jq -r .password /tmp/secret.json",
    "echo \"$PASSWORD\" | docker login -u x --password-stdin r",
    "curl -H \"X-aws-ec2-metadata-token: $TOKEN\" http://169.254.169.254/latest/meta-data/",
    "TOKEN=`curl -X PUT http://169.254.169.254/latest/api/token -H \"X-aws-ec2-metadata-token-ttl-seconds: 21600\"`",
    "http_tokens = required",
    "SELECT secret_id, created FROM secrets LIMIT 5",
    "fields @message | parse @message 'token=*' as t",
    "filter @message like 'Invalid password'",
    "The key is in the vault of the team",
    "token is expired after 3 days",
    "Password is required",
    "set -o pipefail",
    "ssh-keygen -t ed25519 -f /root/.ssh/id -N ''",
    "openssl req -x509 -nodes -newkey rsa:2048 -keyout k.pem",
    "chmod 400 key.pem && ssh -i key.pem h",
    "systemctl restart auth-service token-service",
    "Alarm: 5 failed passwords in 10 minutes",
    "https://example.org/reset-password?lang=en",
    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_«alnum9»/.well-known/jwks.json",
    "https://d«lower13».cloudfront.net/assets/app.«hex8».js",
    "https://console.aws.amazon.com/secretsmanager/secret?name=app",
    "snap-0«hex16»",
    "arn:aws:dynamodb:eu-west-1:«account»:table/orders/stream/2024-02-02T00:00:00.000",
    "arn:aws:s3:::app-artifacts-«account»-eu-west-1",
    "arn:aws:events:eu-west-1:«account»:rule/«uuid»",
    "arn:aws:sagemaker:eu-west-1:«account»:endpoint/token-classifier",
    "projects/app/secrets/db/versions/latest",
    "AWSServiceRoleForAmazonElasticFileSystem",
    "StackSet-AWSControlTowerBP-BASELINE-CONFIG-«uuid»",
    "CDKToolkit-StagingBucket-«lower12»",
    "cdk-hnb659fds-assets-«account»-eu-west-1",
    "cdk-hnb659fds-cfn-exec-role-«account»-eu-west-1",
    "app-«hex8»-«hex4»",
    "lambda:«hex64» digest",
    "Code: sha256 «hex64»",
    "com.example.auth.TokenHandler::handleRequest",
    "arn:aws:iam::«account»:saml-provider/okta",
    "{\"detail\":{\"eventName\":[\"CreateAccessKey\",\"UpdateLoginProfile\"]}}",
    "Authorization,X-Api-Key,X-Amz-Security-Token,Content-Type",
    "secrets-manager-rotation-lambda-execution-role-for-production-database",
    "GET,HEAD,OPTIONS",
    "lb_cookie",
    "app_cookie",
    "scram-sha-512",
    "SASL_SSL",
    "org.apache.kafka.common.security.scram.ScramLoginModule required;",
)  # fmt: skip

_LAST_NAMES: dict[str, Any] = {
    "password_minimum_age": "P1D", "PASSWORD_CHARSET": "alnum", "token_expiry_seconds": "900", "TOKENS_PER_REQUEST": "800", "secret_labels": "team-a",
    "secret_provider": "aws", "auth_domain": "example.org", "auth_port": "8443", "AUTH_CALLBACK_URL": "https://example.org/cb", "authz_mode": "rbac",
    "keepalive": "30s", "key_length": "2048", "KEYSPACE_NAME": "events", "sort_key_name": "ts", "index_key": "tenant", "s3_object_key": "a/b/c.zip",
    "cookie_secure": "true", "cookie_max_age": "3600", "session_affinity": "none", "passive_ports": "50000-50100", "by_pass_rules": "none",
    "webhook_timeout": "10s", "jwt_leeway": "5s", "jwt_claims": "sub,email", "cred_helper": "ecr-login", "credential_scope": "session",
    "pin_memory": "true", "pinned_dependencies": "yes", "salt_version": "3006", "otp_provider": "sns", "license_file": "/etc/license.txt",
    "private_key_path": "/etc/ssl/private/key.pem", "access_key_status": "Active", "api_key_header": "X-Api-Key", "connection_string_name": "orders",
    "encryption_key_arn": "arn:aws:kms:eu-west-1:«account»:key/«uuid»", "kms_key": "alias/app", "master_key_rotation": "enabled", "image_sha": "«hex40»",
    "deploy_commit": "«hex40»", "config_hash": "«hex32»", "layer_digest": "sha256:«hex64»", "lambda_version_hash": "«base43»=",
}  # fmt: skip
_LAST_TEXTS = (
    "Reads the database password from Secrets Manager at start", "docker run -d --name redis -p 6379:6379 redis:7", "aws kms decrypt --key-id alias/app --ciphertext-blob fileb://x",
    "export VAULT_ADDR=https://vault.example.org:8200", "read -s -p 'Password: ' PASSWORD", "mysql -h db -u app -p app < schema.sql", "psql -h db -U app -W app",
    "curl -H \"Authorization: Bearer ${TOKEN}\" https://h", "curl -H \"Authorization: Bearer $TOKEN\" https://h", "PASSWORD=$(openssl rand -base64 32)", "SECRET=$(uuidgen)",
    "if token == nil { return err }", "password: str = Field(min_length=12)", "def check(password: str) -> bool:", "token = request.headers.get('Authorization')",
    "stats count(*) by authType, tokenUse", "SELECT count(*) FROM api_keys WHERE revoked", "ALTER TABLE users ADD COLUMN password_hash text", "KEY `idx_token` (`token_id`)",
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html", "https://login.example.org/oauth2/authorize?client_id=app&response_type=token",
    "arn:aws:codebuild:eu-west-1:«account»:build/app:«uuid»", "arn:aws:cognito-idp:eu-west-1:«account»:userpool/eu-west-1_«alnum9»", "arn:aws:batch:eu-west-1:«account»:job-definition/token-report:3",
    "«account».dkr.ecr.eu-west-1.amazonaws.com/app:release-«hex40»", "git checkout «hex40»", "FROM python:3.12@sha256:«hex64»", "uses: aws-actions/configure-aws-credentials@«hex40»",
    "AWSReservedSSO_AdministratorAccess_«hex16»", "aws-controltower-BaselineCloudTrail-CrossAccountRole", "eks-cluster-sg-app-«digits9»", "amzn2-ami-hvm-2.0.20240131.0-x86_64-gp2",
    "{\"Effect\":\"Allow\",\"Action\":[\"kms:GenerateDataKey\"],\"Resource\":\"*\"}", "Content-Security-Policy: script-src 'sha256-«base43»='",
)  # fmt: skip

_HELD_BACK_NAMES: dict[str, Any] = {
    "password_expire_days": "90", "passwordPolicyArn": "arn:aws:iam::«account»:policy/p", "TOKEN_CACHE_SIZE": "500", "token_signing_cert_name": "idp-2024", "secret_namespace": "default",
    "secretKeyRefName": "db-credentials", "auth_cache_ttl": "300", "auth_log_level": "debug", "auth_backend": "ldap", "AUTHOR_NAME": "Jane", "key_format": "pem", "key_type": "RSA",
    "keyCount": "3", "user_key": "email", "lookup_keys": ["id", "name"], "aggregation_key": "region", "cookie_ttl": "1h", "session_store": "redis", "session_driver": "database",
    "bypass_list": "localhost", "passthrough_url": "/healthz", "webhook_version": "v2", "jwt_expiration": "1h", "jwks_uri": "https://idp.example.org/jwks", "credential_type": "irsa",
    "pin_version": "1.2.3", "otp_enabled": "true", "license_model": "general-public-license", "public_key_path": "/etc/k.pub", "signing_key_id": "«uuid»", "ssh_port": "22",
    "signing_profile_version_arn": "arn:aws:signer:eu-west-1:«account»:/signing-profiles/p/«alnum10»", "db_secret_arn": "arn:aws:secretsmanager:eu-west-1:«account»:secret:a-«alnum6»",
    "password_auth_method": "scram", "commit_sha": "«hex40»", "docker_image_digest": "sha256:«hex64»", "source_md5": "«hex32»", "token_introspection_url": "https://idp.example.org/i",
}  # fmt: skip
_HELD_BACK_TEXTS = (
    "Fetches a token from the identity provider and caches it", "docker run -p 127.0.0.1:3306:3306 mysql:8", "aws iam list-access-keys --user-name ci", "vault kv get -field=password kv/app",
    "export API_KEY=$(vault kv get -field=key kv/app)", "PASSWORD=\"$(pwgen 32 1)\"", "psql -U app -h db -c 'select 1'", "mysqladmin ping -h db", "redis-cli -h cache ping",
    "openssl x509 -in cert.pem -noout -fingerprint", "curl -H 'X-Api-Key: '\"$KEY\" https://h", "kubectl get secret db -o jsonpath='{.data.password}'", "password = var.db_password", "api_key: ENV['API_KEY']",
    "const { token } = await login()", "return jwt.encode(claims, key)", "{{ .Values.auth.password }}", "token := os.Getenv(\"TOKEN\")", "GRANT SELECT ON secrets TO reader", "CREATE INDEX idx ON sessions (token)",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret", "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription", "arn:aws:glue:eu-west-1:«account»:table/db/tokens",
    "arn:aws:ssm:eu-west-1:«account»:parameter/app/db/password", "ghcr.io/org/app:sha-«hex40»", "git rev-parse HEAD # «hex40»", "pip install x --hash=sha256:«hex64»", "AWSServiceRoleForECS", "eks-node-group-role-2024020210150«digits8»",
    "app-prod-ApplicationLoadBalancer-«upper13»", "E=mc2; the key idea of tokens", "User must change password at next sign-in", "Error: Invalid credentials provided", "ecs-tasks.amazonaws.com", "stream/2024/02/02/[$LATEST]«hex32»",
)  # fmt: skip
"""Of these and the names no rule was changed for one."""


def harmless() -> Iterator[Case]:
    """Every case without a secret."""
    yield from cases("switches and references", _named(_SWITCHES), 2)
    yield from cases("names about secrets", _named(_ABOUT), 1)
    yield from cases("ids and ARNs", _texts(_IDS), 2)
    yield from cases("hashes and certificates", _named(_HASHES), 2)
    yield from cases("texts, queries and commands", _texts(_TEXTS), 1)
    yield from cases("scripts in base64", _scripts(_TEXTS), 1)
    yield from cases("later names", _named(_LATER_NAMES), 1)
    yield from cases("later texts", _texts(_LATER_TEXTS), 1)
    yield from cases("last names", _named(_LAST_NAMES), 1)
    yield from cases("last texts", _texts(_LAST_TEXTS), 1)
    yield from cases("names held back", _named(_HELD_BACK_NAMES), 1, held_back=True)
    yield from cases("texts held back", _texts(_HELD_BACK_TEXTS), 1, held_back=True)
    yield from cases("documents", _documents(), 3)


_PLACES = (
    "description",
    "Note",
    "value",
    "resource",
    "content",
    "target",
    "items",
    "config",
    "text",
)


def _named(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        yield name, {name: value}
        if isinstance(value, str):
            yield name, {"environment": [{"variables": {name: value}}]}


def _texts(values: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for number, value in enumerate(values):
        yield value, {_PLACES[number % len(_PLACES)]: value}


def _scripts(values: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for value in values:
        script = f"#!/bin/bash\nset -e\n# made by cloud-init\n{value}\necho done\n".encode()
        yield value, {"user_data": base64.b64encode(script).decode()}


def _documents() -> Iterator[tuple[str, Any]]:
    for value in _DOCUMENTS:
        text = json.dumps(value, ensure_ascii=False)
        yield text, {"document": lambda draw, text=text: fill(text, draw)}
