"""Keys that sign, keys that cannot, and the record that publishes one."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from newsletter.dkim.key import UnusableKey, read_key, record_name, zone_line
from newsletter.dkim.record import faults_of, is_on_trial
from tests.signing import key, pem

_PEM = serialization.Encoding.PEM
_PKCS8 = serialization.PrivateFormat.PKCS8


# Far too short to protect anything: made for this test.
_SHORT = """
MIIBVwIBADANBgkqhkiG9w0BAQEFAASCAUEwggE9AgEAAkEA6Tzz2yaG9+LBfIgy2ygjIXWHr3/RahaM/Ql41lES/PZJ4Y8+RVRyYbEB
g6NY3Hm4spyB+P3THFgqGsC5t7lGYQIDAQABAkEAlPw5bOisWFXBcJHzomh+IFZaCPHlzBWBk/Tj+kqpjWlxVL6paQJwmTK3C6vpjdeJ
vqFZ6pEIOLD/iKifQWC3DQIhAPTtiyEiE7Y+koFGpEnamsBJNulTJTeRa4Qe9c/KYkwLAiEA88ggnzKN0bhKgqt0hhofjJsn0Tz+101M
40WlD7HKTsMCIQCmBBVYIgcGcqdPZRiazsgyKe5EfQ0u+yzLY0juzZmPPQIhAIB2OjKJ6k/UZHc9MHcmNu/aJv5MvSHpmxW8coG1t50P
AiEA10n1S8NT65aIKQZrPKJviDk6LjwpX0R1DU2TVY+88b8=
"""


def _short() -> bytes:
    der = base64.b64decode(_SHORT)
    return serialization.load_der_private_key(der, None).private_bytes(
        _PEM, _PKCS8, serialization.NoEncryption()
    )


def _written(private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey, password: bytes = b"") -> bytes:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return private.private_bytes(_PEM, _PKCS8, lock)


def test_new_key_is_read_and_published() -> None:
    """2048 bits; its record is what a verifier needs, in strings that DNS can hold."""
    assert key().bits == 2048
    line = zone_line(record_name(selector="a", domain="iscm.example"), key().record)
    assert line.startswith('a._domainkey.iscm.example. IN TXT "v=DKIM1; k=rsa; p=MII')
    strings = line.split('"')[1::2]
    assert "".join(strings) == key().record
    assert max(map(len, strings)) <= 255


def test_key_of_the_older_form_is_read() -> None:
    """As `openssl genrsa -traditional` writes it."""
    private = serialization.load_pem_private_key(pem(), None)
    older = private.private_bytes(
        _PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    assert b"BEGIN RSA PRIVATE KEY" in older
    assert read_key(older).public == key().public


def _public() -> bytes:
    private = serialization.load_pem_private_key(pem(), None)
    return private.public_key().public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: b"", "the file holds no key in PEM form. Make one with: iscm dkim key FILE"),
        (lambda: pem()[:400], "the file holds no private key that can be read; it may be cut off or damaged"),
        (_public, "the file holds the public half. Give the file of the private key"),
        (
            lambda: _written(serialization.load_pem_private_key(pem(), None), b"secret"),  # type: ignore[arg-type]  # it is RSA
            "the key is locked by a password. Give a file with the key unlocked",
        ),
        (
            lambda: _written(ed25519.Ed25519PrivateKey.generate()),
            "the key is not an RSA key, and no other kind is checked everywhere",
        ),
        (_short, "the key has 512 bits; it must have 1024 to 4096, best 2048"),
    ],
)
def test_unusable_key_says_why(content: object, why: str) -> None:
    """In words that say what to do, and never with a byte of the key."""
    assert callable(content)
    with pytest.raises(UnusableKey) as refused:
        read_key(content())
    assert str(refused.value) == why


def _record(**tags: str) -> str:
    plain = {"v": "DKIM1", "k": "rsa", "p": base64.b64encode(key().public).decode()} | tags
    return "; ".join(f"{name}={value}" for name, value in plain.items())


@pytest.mark.parametrize(
    "text",
    [
        _record(),
        _record(h="sha1:sha256", s="email", n="a note"),
        _record().replace("v=DKIM1; k=rsa; ", ""),
        _record().replace("p=MII", "p=MI I\t"),
        f" {_record()};",
    ],
)
def test_record_of_the_key_has_no_fault(text: str) -> None:
    """However it is written, as long as a verifier takes it."""
    assert list(faults_of([text], key())) == []


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ([], "There is no TXT record at this name."),
        (["google-site-verification=x"], "The record is no DKIM key: it has no p=."),
        (
            [_record(), _record()],
            "2 records stand at this name, and a verifier may take any of them: leave one.",
        ),
        ([_record(p="")], "The record says that the key was withdrawn (p= is empty)."),
        (
            [_record()[:-20]],
            "The key in the record cannot be read; it may have been cut off when it was entered.",
        ),
        ([_record(k="ed25519")], "The record is of a key of the kind ed25519, while ours is rsa."),
        ([_record(h="sha1")], "The record allows the hashes sha1 only, while we sign with sha256."),
        ([_record(s="tlsrpt")], "The record is for tlsrpt only, not for mail."),
        ([_record(v="DKIM2")], "The record must begin with v=DKIM1, and says v=DKIM2 or says it later."),
    ],
)
def test_record_that_does_not_fit_says_why(texts: list[str], why: str) -> None:
    """Each in a sentence."""
    assert list(faults_of(texts, key())) == [why]


def test_record_of_another_key_is_told() -> None:
    """The commonest fault: a key was renewed, or the record is of another selector."""
    other = rsa.generate_private_key(65537, 2048).public_key()
    der = other.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert list(faults_of([_record(p=base64.b64encode(der).decode())], key())) == [
        "The record holds another key than ISCM_DKIM_KEY_FILE: no signature would be valid."
    ]


def test_record_on_trial_is_noticed() -> None:
    """t=y tells verifiers to heed no signature; t=s is no trial."""
    assert [is_on_trial([_record(t=flags)]) for flags in ("y", "s:y", "s")] == [True, True, False]
