"""The authorities that sign RDS instances, for a direct connection without RDS Proxy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

BUNDLE = Path(__file__).resolve().parents[2] / "services/rag/certificates/rds-ap-southeast-1.pem"

FINGERPRINTS = {
    # SHA-256 of the roots in AWS's bundle of the region. Source:
    # https://truststore.pki.rds.amazonaws.com/ap-southeast-1/ap-southeast-1-bundle.pem
    "579e3ea1325bfc49cfdf6a934b3f8f1228e1e0d4b8e6ae34e7d22dda2c2b7bbd",
    "2994dd350da7fc30a1c9a95303773f3f381ba92af9805e4947d6f9963b770b80",
    "712a2eaa456b3d16cb6fb20a786b5958d91270e100430c091264d7f456f2a0e3",
}


def test_the_bundle_holds_the_regions_roots_and_no_other() -> None:
    certificates = x509.load_pem_x509_certificates(BUNDLE.read_bytes())
    assert {c.fingerprint(hashes.SHA256()).hex() for c in certificates} == FINGERPRINTS
    for certificate in certificates:
        certificate.verify_directly_issued_by(certificate)
        assert "Amazon RDS ap-southeast-1 Root CA" in certificate.subject.rfc4514_string()
        assert certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=365)
