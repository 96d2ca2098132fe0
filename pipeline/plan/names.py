"""Which names say that what they name is a secret, decided by whole words."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SECRET_WORDS = _words(
    "password passwords passwd passphrase passphrases passcode pwd pw secret secrets token tokens "
    "credential credentials creds apikey apikeys privatekey secretkey accesskey authtoken "
    "authorization bearer htpasswd mypwd userpass dbpass"
)
"""A name with one of these words is secret, unless a word of the lists below takes it back."""

_SECRET_LAST_WORDS = _words("auth pass jwt otp totp pin salt cookie dsn webhook")
"""These say so only at the end: ``registry_auth``, but not ``auth_scheme``."""

_SECRET_PAIRS = frozenset(
    tuple(pair.split("-"))
    for pair in _words(
        "api-key api-keys access-key access-keys secret-key secret-keys private-key private-keys "
        "encryption-key encryption-keys encrypt-key signing-key signing-keys shared-key account-key "
        "master-key auth-key license-key ssh-key host-key service-key deploy-key session-key "
        "hmac-key storage-key client-key pre-shared preshared-key connection-string conn-string "
        "conn-str webhook-url database-url db-url session-cookie"
    )
)

_PLAIN_LAST_WORDS = _words(
    "arn arns version versions length size ttl age policy type types status state enabled disabled "
    "days hours minutes seconds duration period count limit limits validity units rotation method "
    "scheme path prefix prevention required requires algorithm format location source selector "
    "expression encryption expiry expiration issuer audience audiences scopes scope endpoint name "
    "names description reference ref url uri retention window mode characters uppercase lowercase "
    "numbers symbols header headers class region provider spec usage"
)
"""A name that ends so tells something about a secret: its ARN, its age, the rules for it."""

_PLAIN_FIRST_WORDS = _words(
    "max min maximum minimum num total count has is manage require requires allow enable use"
)
"""A name that begins so is a limit, a number of tokens, or a switch."""

_PLAIN_NAMES = frozenset(
    (
        "client request token",
        "client token",
        "creation token",
        "idempotency token",
        "caller reference",
        "next token",
        "http tokens",
        "iam auth",
        "secret binding",
    )
)
"""AWS's idempotency tokens, the metadata service's switch, and the like."""

_HASH_LAST_WORDS = _words(
    "hash hashes etag sha sha1 sha256 sha512 md5 checksum digest digests fingerprint thumbprint "
    "thumbprints id ids arn arns identifier certificate chain base64sha256 base64sha512"
)

_PUBLIC_KEYS = frozenset(("public key", "public keys", "ssh public key", "public key openssh"))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in snake, kebab, camel or capital case, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=16_384)
def is_secret_name(name: str) -> bool:
    """Whether a name says that its value is a secret.

    ``DB_PASSWORD``, ``apiKey`` and ``x-api-key`` do; ``secret_arn``, ``password_length`` and
    ``client_token`` do not. An id of a secret can be a secret itself (a role's ``secret_id``), so
    it counts; whoever asks should let an ARN through.
    """
    words = words_of(name)
    if not words or " ".join(words) in _PLAIN_NAMES or _only_describes(words):
        return False
    # A single trailing number numbers the secret: ``password_2``.
    named = words[:-1] if len(words) > 1 and words[-1].isdigit() else words
    return (
        any(word in _SECRET_WORDS for word in named)
        or named[-1] in _SECRET_LAST_WORDS
        or any(pair in _SECRET_PAIRS for pair in pairwise(named))
    )


def _only_describes(words: tuple[str, ...]) -> bool:
    # A limit is one wherever it stands: ``max_tokens``, ``ANSWER_MAX_TOKENS``.
    if words[0] in _PLAIN_FIRST_WORDS or words[-2:] in (("max", "tokens"), ("min", "tokens")):
        return True
    if words[-1] in ("id", "ids"):
        # A key's id names the key; a secret's id may be all that is needed.
        return "kms" in words or not {"secret", "token"} & set(words)
    pair = words[-2:]
    return words[-1] in _PLAIN_LAST_WORDS and pair not in _SECRET_PAIRS


@lru_cache(maxsize=16_384)
def is_hash_name(name: str) -> bool:
    """Whether a name says that its value is a hash, an id or a certificate: random, but known."""
    words = words_of(name)
    if not words:
        return False
    joined = " ".join(words)
    return (
        words[-1] in _HASH_LAST_WORDS
        or words[-2:] in (("sha", "256"), ("sha", "512"), ("md", "5"), ("sha", "1"))
        or joined in _PUBLIC_KEYS
        or {"hash", "sha", "sha256", "base64sha256", "checksum", "certificate"} & set(words)
        != set()
    )
