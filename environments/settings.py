"""An environment: what is true of it, and one settings value a system. Values are in dev.py, prod.py."""

from __future__ import annotations

from pydantic import Field

from stacks.account.settings import AccountSettings
from stacks.delivery.settings import DeliverySettings
from stacks.governance.settings import GovernanceSettings
from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings


class Environment(EnvironmentSettings):
    """One environment; a system whose settings are None has no stack there."""

    rag: RagSettings | None = Field(default=None, description="the RAG system")
    delivery: DeliverySettings | None = Field(
        default=None, description="the pipeline's access; None for an environment applied by hand"
    )
    governance: GovernanceSettings | None = Field(
        default=None, description="limits and budgets; None for none"
    )
    account: AccountSettings | None = Field(
        default=None,
        description="guard rails of the account; None where another environment has them",
    )

    def unlocked(self) -> Environment:
        """This environment without the guards that stop ``destroy``; see docs/runbooks/destroy.md.

        The rules that demand the guards are not asked.
        """
        return self.model_copy(
            update={
                "rag": self.rag.unlocked() if self.rag else None,
                "account": self.account.unlocked() if self.account else None,
            }
        )
