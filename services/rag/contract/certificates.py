"""Where the certificate authorities lie that the service trusts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

AMAZON_ROOTS = Path(__file__).resolve().parents[1] / "certificates" / "amazon-roots.pem"
"""They sign RDS Proxy's certificate. In the zip, so that no other authority is trusted."""

RDS_AUTHORITIES: Mapping[str, str] = {
    "ap-southeast-1": "/var/task/rag/certificates/rds-ap-southeast-1.pem",
}
"""By region: what signs the certificates of instances, as a path in Lambda.

For ``DATABASE_SSLROOTCERT`` where the service connects without a proxy. Another region needs its
bundle beside this one, from https://truststore.pki.rds.amazonaws.com.
"""
