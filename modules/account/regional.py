"""Settings of one region of the account: what is made there later begins safe."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.ebs_encryption_by_default import EbsEncryptionByDefault
from cdktf_cdktf_provider_aws.ebs_snapshot_block_public_access import EbsSnapshotBlockPublicAccess
from cdktf_cdktf_provider_aws.ec2_image_block_public_access import Ec2ImageBlockPublicAccess
from cdktf_cdktf_provider_aws.ec2_instance_metadata_defaults import Ec2InstanceMetadataDefaults
from constructs import Construct


class RegionalDefaults(Construct):
    """Disks are encrypted, nobody can publish a snapshot or an image, and machines demand IMDSv2.

    Sources: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html,
    https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html,
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html and
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Set them in the region of the resources' provider; they cost nothing.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
        """
        super().__init__(scope, construct_id)
        EbsEncryptionByDefault(self, "disk-encryption", enabled=True)
        EbsSnapshotBlockPublicAccess(self, "snapshots", state="block-all-sharing")
        Ec2ImageBlockPublicAccess(self, "images", state="block-new-sharing")
        Ec2InstanceMetadataDefaults(self, "instance-metadata", http_tokens="required")
