"""Which names say that what they name is a secret, decided by words.

A name is cut into words where its case or a separator says so, and a word that is two written as
one (``PGPASSWORD``, ``clientsecret``) is cut at the words of secrets in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SECRET_WORDS = _words(
    "password passwords passwd passwds pword passwort kennwort senha contrasena passphrase passphrases "
    "passcode passcodes passkey passkeys pwd pwds pw secret secrets token tokens psk psks "
    "credential credentials creds cred authorization bearer dockerconfigjson dockercfg jwk jwks "
    "connectionstring connstr mnemonic privkey netrc pgpass keytab requirepass masterauth pincode snmpcommunity "
    "rocommunity rwcommunity simpin cardpin userpin adminpin unlockpin accesspin loginpin"
)
"""A name with one of these words is secret, unless a word of the lists below takes it back."""

_SECRET_LAST_WORDS = _words(
    "auth pass pat jwt otp totp pin puk salt pepper cookie cookies dsn webhook psk hmac"
)
"""These say so only at the end: ``registry_auth``, but not ``auth_scheme``."""

_KEYS = _words(
    "access account admin aes api app application auth client consumer cookie credential "
    "crypt crypto datadog db decrypt decryption deploy developer encrypt encryption fernet gpg hmac "
    "host ingest ingestion instrumentation integration jwt license master mfa newrelic openai "
    "password pgp pre preshared private product recovery root rsa secret sendgrid server service "
    "session shared sign signing ssh ssl storage stripe subscription tls tunnel unseal vault "
    "webhook wep wifi wpa wireguard write"
)
"""A key of one of these kinds, or of one of these services, is secret: ``master_key``."""

_PLAIN_KEYS = _words(
    "account aggregate aggregation alias annotation archive artifact asset attribute bucket by cache "
    "candidate claim code column composite config context correlation customer data dead dedup "
    "deduplication destination dict dimension dist event feature field file filter flag foreign form "
    "function gsi group grouping hash header hot i id idempotency identity image index input item job "
    "join json kms label latest layer lambda list location lock log lookup lsi manifest map message "
    "metadata metric month name node object order output package parameter partition path policy "
    "prefix primary product property public query range ref region replica request resource response "
    "result root route routing row s 3 schema script search selector shard sort source state step "
    "subject surrogate tag taint target template tenant topic topology trace translation type unique "
    "user value variable version yaml zip zone mon tur don hoc jac joc whis lac flun smo mic "
    "new multi single foot turn low high short long stan pin hon"
)
"""A key of one of these kinds is a name by which something is found, or no key at all: ``monkey``.
What kinds of keys there are to secrets nobody can list: ``TACACS_KEY``, ``pagerdutykey``."""

_SECRET_PAIRS = frozenset(
    {(kind, key) for kind in _KEYS for key in ("key", "keys")}
    | {
        tuple(pair.split("-"))
        for pair in _words(
            "connection-string conn-string conn-str webhook-url database-url db-url session-cookie "
            "pass-word pass-words pass-phrase pass-code pass-wd pin-code security-code "
            "verification-code recovery-code recovery-codes backup-codes unlock-code otp-seed "
            "seed-phrase totp-seed mfa-seed snmp-community community-string ro-community "
            "rw-community pass-db pass-admin pass-root pass-user docker-config "
            "pass-smtp pass-mail pass-redis pass-mysql pass-postgres pass-ldap pass-ftp pass-rabbitmq "
            "auth-redis auth-rediscli auth-basic auth-registry auth-npm auth-smtp community-snmp "
            "key-api key-app key-secret key-private key-master key-encryption key-signing jwt-private "
            "auth-code session-id"
        )
    }
)

_CUT_AT = _words(
    "password passwords passwd pword passwort passphrase passphrases passcode pwd secret secrets token "
    "tokens credential credentials psk dockerconfigjson jwt"
)
"""Where a word that has one of these in it is cut: ``clientsecret``, ``SECRETKEYBASE``."""

_CUT = re.compile(f"({'|'.join(sorted(_CUT_AT, key=len, reverse=True))})")
_CUT_KEY = re.compile(f"(?P<kind>.*(?:{'|'.join(sorted(_KEYS, key=len, reverse=True))}))keys?")
_CUT_END = re.compile(r"(?P<rest>.{2,})(?P<end>auth|pass|pw|creds|dsn|cookie|apikey|key)")
_NO_CUT = re.compile(
    r".*(?:tokeni[sz]\w*|secretar\w*|secreti\w*|secretsmanager|secretmanager|passwordless"
    r"|credential(?:ed|ing)|(?:by|com|tres|encom|sur|over|under|im)pass|(?:iam|o|re|un|pre)auth)"
)
"""Words that only look like two."""

_PLAIN_LAST_WORDS = _words(
    "arn arns version versions length size ttl age policy type types status state enabled disabled "
    "days hours minutes seconds duration period count limit limits validity units rotation method "
    "methods scheme path paths prefix suffix prevention required requires algorithm algorithms "
    "format location source selector expression encryption expiry expiration expires lifetime "
    "interval timeout retries issuer audience audiences scopes scope endpoint name names "
    "description reference ref url uri retention window mode characters uppercase lowercase numbers "
    "symbols header headers class region provider providers spec usage username manager store "
    "backend engine mount bucket table topic queue role roles rule rules file filename dir "
    "directory folder param parameter parameters namespace template port hostname field fields "
    "column label placeholder strength complexity history reuse reset generator hash hashes "
    "strategy introspection revocation behavior charset labels helper lambda function hint command cmd changed date time timestamp at stage stages prompt stdin budget price cost quota per usd used remaining max min"
)
"""A name that ends so tells something about a secret: its ARN, its age, the rules for it."""

_PLAIN_FIRST_WORDS = _words(
    "max min maximum minimum num total count has is manage require requires skip disable disabled "
    "validate"
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
        "continuation token",
        "http tokens",
        "iam auth",
        "mutual auth",
        "mutual tls auth",
        "secret binding",
        "master username",
        "use session cookie",
    )
)
"""AWS's idempotency tokens, the metadata service's switch, and the like."""

_CODES = _words("password passwd pwd pw passcode pin puk otp totp code passphrase secret")
"""A number can be one of these."""

_HASH_WORDS = _words(
    "hash hashes sha sha1 sha224 sha256 sha384 sha512 md5 crc32 base64sha256 base64sha512 checksum "
    "checksums digest digests etag etags fingerprint fingerprints thumbprint thumbprints "
    "certificate certificates cert certs commit revision rev ref uuid guid image images integrity "
    "csr ca asset artifact"
)
_HASH_LAST_WORDS = _words(
    "id ids arn arns identifier identifiers chain version versions sum md5sum sha1sum sha256sum "
    "build release trace request"
)
_PUBLIC_KEYS = frozenset((("public", "key"), ("public", "keys"), ("key", "openssh")))


@lru_cache(maxsize=16_384)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in snake, kebab, camel or capital case or in one, in lower case."""
    return tuple(part for word in _WORD.findall(name) for part in _parts(word.lower()))


def _parts(word: str) -> Iterator[str]:
    if len(word) < 4 or word in _SECRET_WORDS or _NO_CUT.fullmatch(word):
        yield word
        return
    for part in _CUT.split(word):
        if not part:
            continue
        if part in _CUT_AT or _NO_CUT.fullmatch(part):
            yield part
        elif key := _CUT_KEY.fullmatch(part):
            yield from _kind_of_key(part, key["kind"])
        elif end := _CUT_END.fullmatch(part):
            if end["end"] == "key" and end["rest"] in _PLAIN_KEYS:
                yield part
            else:
                yield from (end["rest"], end["end"])
        elif part.startswith("key") and part[3:] in ("base", "id", "ids"):
            yield from ("key", part[3:])
        else:
            yield part


def _kind_of_key(part: str, kind: str) -> Iterator[str]:
    longest = max((each for each in _KEYS if kind.endswith(each)), key=len)
    if kind != longest:
        yield kind.removesuffix(longest)
    yield from (longest, part.removeprefix(kind))


@lru_cache(maxsize=16_384)
def is_secret_name(name: str) -> bool:
    """Whether a name says that its value is a secret.

    ``DB_PASSWORD``, ``PGPASSWORD``, ``apiKey`` and ``x-api-key`` do; ``secret_arn``,
    ``password_length`` and ``client_token`` do not. An id of a secret can be a secret itself (a
    role's ``secret_id``), and ``ENABLE_PASSWORD`` a password as well as a switch, so they count;
    whoever asks should let an ARN and a switch through.
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
        or (named[-1] in ("key", "keys") and len(named) > 1 and named[-2] not in _PLAIN_KEYS)
    )


def only_describes(name: str) -> bool:
    """Whether a name tells something about what it stands in: ``name``, ``kms_key_id``."""
    words = words_of(name)
    return bool(words) and _only_describes(words)


@lru_cache(maxsize=16_384)
def is_code_name(name: str) -> bool:
    """Whether the secret of this name can be a short number, such as a PIN."""
    return not _CODES.isdisjoint(words_of(name))


def _only_describes(words: tuple[str, ...]) -> bool:
    # A limit is one wherever it stands: ``max_tokens``, ``ANSWER_MAX_TOKENS``.
    if words[0] in _PLAIN_FIRST_WORDS or any(
        one in ("max", "min") and other == "tokens" for one, other in pairwise(words)
    ):
        return True
    if words[-1] in ("id", "ids"):
        # A key's id names the key; a secret's id may be all that is needed.
        known = {"secret", "token", "session"} & set(words)
        return "kms" in words or not known
    pair = words[-2:]
    return words[-1] in _PLAIN_LAST_WORDS and pair not in _SECRET_PAIRS


@lru_cache(maxsize=16_384)
def is_hash_name(name: str) -> bool:
    """Whether a name says that its value is a hash, an id or a certificate: random, but known."""
    words = words_of(name)
    if not words:
        return False
    last = words[:-1] if len(words) > 1 and words[-1].isdigit() else words
    return (
        last[-1] in _HASH_LAST_WORDS
        or not _HASH_WORDS.isdisjoint(words)
        or any(one + other in _HASH_WORDS for one, other in pairwise(words) if other.isdigit())
        or any(pair in _PUBLIC_KEYS for pair in pairwise(words))
    )
