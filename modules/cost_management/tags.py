"""Cost allocation tags: tags by which bills, budgets and reports tell costs apart."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.ce_cost_allocation_tag import CeCostAllocationTag
from constructs import Construct


class CostAllocationTags(Construct):
    """Activates tags, for a whole organisation, in the account that pays.

    AWS knows a tag a day after something that has it was first used, and refuses others; what was
    spent before the activation stays without it.

    Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, keys: Sequence[str]) -> None:
        """Activate tags.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            keys: of the tags, as resources have them.
        """
        super().__init__(scope, construct_id)
        for key in keys:
            CeCostAllocationTag(self, key, tag_key=key, status="Active")
