"""The authorities in the zip: those that sign RDS Proxy, and those that sign RDS instances."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

FOLDER = Path(__file__).resolve().parents[2] / "services/rag/certificates"

INSTANCES = {
    # SHA-256 of the roots in AWS's bundle of the region. Source:
    # https://truststore.pki.rds.amazonaws.com/ap-southeast-1/ap-southeast-1-bundle.pem
    "579e3ea1325bfc49cfdf6a934b3f8f1228e1e0d4b8e6ae34e7d22dda2c2b7bbd",
    "2994dd350da7fc30a1c9a95303773f3f381ba92af9805e4947d6f9963b770b80",
    "712a2eaa456b3d16cb6fb20a786b5958d91270e100430c091264d7f456f2a0e3",
}

PROXY = {
    # SHA-256 of Amazon Root CA 1 to 4. Source: https://www.amazontrust.com/repository/
    "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
    "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
    "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
    "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
}


@pytest.mark.parametrize(
    ("file", "fingerprints", "subject"),
    [
        ("rds-ap-southeast-1.pem", INSTANCES, "Amazon RDS ap-southeast-1 Root CA"),
        ("amazon-roots.pem", PROXY, "Amazon Root CA"),
    ],
)
def test_a_bundle_holds_these_roots_and_no_other(
    file: str, fingerprints: set[str], subject: str
) -> None:
    certificates = x509.load_pem_x509_certificates((FOLDER / file).read_bytes())
    assert {c.fingerprint(hashes.SHA256()).hex() for c in certificates} == fingerprints
    for certificate in certificates:
        certificate.verify_directly_issued_by(certificate)
        assert subject in certificate.subject.rfc4514_string()
        assert certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=365)
