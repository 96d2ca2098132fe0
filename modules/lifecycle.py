"""What is replaced together, although no argument says so."""

from __future__ import annotations

from cdktf import TerraformResource, TerraformResourceLifecycle


def replaced_with(*resources: TerraformResource) -> TerraformResourceLifecycle:
    """Replace a resource whenever one of ``resources`` is replaced, and at no other change of it.

    For what AWS deletes along with its parent but that names the parent by a name which the new
    parent has as well: Terraform would take the lost child for unchanged. Where the parent's ``id``
    is that name, refer to ``parent.id`` instead: until the new parent exists it is unknown.

    Args:
        resources: whose replacement takes this one along.
    """
    return TerraformResourceLifecycle(
        replace_triggered_by=[
            f"{resource.terraform_resource_type}.{resource.friendly_unique_id}.id"
            for resource in resources
        ]
    )
