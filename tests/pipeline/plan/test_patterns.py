"""Every form of a known secret is found, whatever decides whether its pattern is tried at all."""

from __future__ import annotations

import pytest

from pipeline.plan.patterns import known_parts

BODY = "Abcdefghij0123456789abcdefghij"
"""Thirty characters. The samples are put together here, so that no scanner takes one for real."""

SAMPLES = {
    "private-key": "-----BEGIN RSA " + f"PRIVATE KEY-----\n{BODY}\n-----END RSA PRIVATE KEY-----",
    "json-web-token": f"eyJ{BODY}.{BODY}.{BODY}",
    "artifactory": f"AKC{BODY}",
    "gitlab": f"glpat-{BODY}",
    "gitlab-runner": f"GR1348941{BODY[:20]}",
    "gitlab-session": f"_gitlab_session={BODY}",
    "github": f"gho_{BODY}",
    "github-fine-grained": f"github_pat_{'Abcde01234' * 3}",
    "stripe-live": f"rk_live_{BODY[:12]}",
    "stripe-test": f"sk_test_{BODY[:12]}",
    "stripe-webhook": f"whsec_{BODY}",
    "slack": f"xoxe.xoxp-{BODY}",
    "slack-app": f"xapp-{BODY}",
    "openai": f"sk-{BODY}",
    "hugging-face": f"hf_{'Abcde' * 6}",
    "google": f"AIza{BODY}abcde",
    "pypi": f"pypi-{BODY}",
    "digitalocean": f"dop_v1_{BODY}",
    "vault-service": f"hvs.{BODY}",
    "vault-batch": f"hvb.{BODY}",
    "vault-recovery": f"hvr.{BODY}",
    "atlassian": f"ATATT{BODY}",
    "docker": f"dckr_pat_{BODY}",
    "terraform-cloud": f"Abcdefghij0123.atlasv1.{BODY}",
    "authorization": "Authorization: abcde",
    "bearer": f"Bearer {BODY}",
    "aws-session": f"X-Amz-Security-Token={BODY}",
    "aws-signature": f"X-Amz-Signature={BODY}",
    "azure-signature": f"sig={BODY}",
    "teams-webhook": "https://some.webhook.office.com/abc",
    "discord-bot": f"M{BODY[:23]}.{BODY[:6]}.{BODY}",
    "telegram": f"123456789:AA{BODY}abc",
    "firebase": f"Abcd:APA91b{BODY}{BODY}",
    "azure-client": f"Ab18Q~{BODY}a",
    "aws-key-id": "AK" + "IAIOSFODNN7EXAMPLE",
    "anthropic": "sk-" + f"ant-api03-{BODY}",
    "databricks": "dapi" + "0123456789abcdef" * 2,
    "htpasswd": f"$apr1$Abcdefgh${BODY[:22]}",
    "ldap": "{SSHA}" + BODY,
    "postgresql": "md5" + "0123456789abcdef" * 2,
    "basic": "Basic YWxhZGRpbjpvcGVuc2VzYW1l",
    "discord-webhook": "https://discord.com/api/webhooks/1/abc",
}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_known_form_is_found_whole(sample: str) -> None:
    start = len("it is ")
    assert (start, start + len(sample)) in known_parts(f"it is {sample}")


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication", "Basic YWxhZGRpbmFuZG9wZW4=", "Basic abcdefghi", "https://h/x?key=environment-name",
        "Mabcdefghijklmnopqrstuvw.abcdef.abcdefghijklmnopqrstuvwxyzab", "API-Gateway-Execution-Logs_ab12cd34ef/prod",
        "sk-learn-pipeline-of-the-team", "Authorization: Bearer $TOKEN", "authorization: AWS_IAM",
    ],
)  # fmt: skip
def test_what_only_resembles_a_form_is_none(text: str) -> None:
    assert list(known_parts(text)) == []


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_text_beyond_ascii_hides_none(sample: str) -> None:
    start = len("là: ")
    assert (start, start + len(sample)) in known_parts(f"là: {sample}")


def test_the_password_of_an_address_is_found() -> None:
    assert (len("https://"), len("https://user:abc")) in known_parts("https://user:abc@host")


def test_a_letter_that_only_ignoring_case_makes_an_s_hides_nothing() -> None:
    assert list(known_parts(f"\u017fig={BODY}")) == [(0, 4 + len(BODY))]


@pytest.mark.parametrize(
    "name",
    [
        "passwd",
        "pwd",
        "passphrase",
        "passcode",
        "secret",
        "token",
        "api_key",
        "credential",
        "auth",
        "dsn",
    ],
)
def test_an_assignment_to_a_secret_name_is_found(name: str) -> None:
    assert list(known_parts(f"{name}=abc")) == [(len(name) + 1, len(name) + 4)]
