"""Nobody has a key that is good until somebody finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.check import Check
from policies.stack import Resource, Stack

_CREDENTIALS: Mapping[str, str] = {
    "aws_iam_access_key": "an access key never expires, and its secret stands in the state",
    "aws_iam_service_specific_credential": "its password stands in the state",
    "aws_iam_user_login_profile": "its first password stands in the state",
    "aws_iam_user_ssh_key": "a key of SSH never expires",
    "aws_key_pair": "whoever has the key signs in to machines, and nobody sees who it was",
    "aws_lightsail_key_pair": "its private key stands in the state",
    "aws_transfer_ssh_key": "a key of SSH never expires",
}
"""Type to what is wrong with it."""

_MACHINES = ("aws_instance", "aws_launch_template", "aws_spot_instance_request")


class NoStaticCredentials(Check):
    """Keys and passwords that Terraform would make, and machines that take them."""

    types = ("aws_iam_user", *_CREDENTIALS, *_MACHINES)

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """That it is there at all."""
        if resource.type in _CREDENTIALS:
            yield _CREDENTIALS[resource.type]
        elif resource.type in _MACHINES and resource.first("key_name"):
            yield "it takes a key pair (key_name): whoever has the key signs in"
