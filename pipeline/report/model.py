"""The report: what leaves the job. Nothing in it is secret; the JSON artifact is this, encoded."""

from __future__ import annotations

from enum import StrEnum
from functools import reduce
from itertools import chain

import msgspec

from pipeline.cost.model import BudgetVerdict, Estimate
from pipeline.cost.totals import together
from pipeline.plan.model import Action

FORMAT = 3
"""Version of the JSON artifact; a reader refuses another."""


class Topic(StrEnum):
    """What a warning is about, in the order in which a report shows them."""

    REFUSED = "refused"
    """AWS would refuse it half way through the apply."""
    DATA_LOSS = "data-loss"
    """What holds data is destroyed or replaced."""
    CHECK = "check"
    """A condition that the configuration states doesn't hold."""
    DESTROYED = "destroyed"
    """Something else is destroyed or replaced."""
    UPGRADE = "upgrade"
    """The engine of a database gets another major version."""
    PUBLIC = "public"
    """Something opens to the internet, or becomes public."""
    IAM = "iam"
    """A permission widens."""
    PROTECTION = "protection"
    """A guard goes: encryption, deletion protection, backups, logs."""
    HARMFUL_DRIFT = "harmful-drift"
    """It was changed behind Terraform's back, and that opens or loses something."""
    ACTION = "action"
    """The apply invokes it beside its changes, and no plan shows what it does."""
    DRIFT = "drift"
    """It was changed behind Terraform's back."""
    PLAN = "plan"
    """The plan itself is partial."""


class PlanWarning(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a reviewer must not miss.

    Attributes:
        topic: what it is about.
        address: the resource's address; empty for the whole plan.
        text: one line, without values that may be secret.
    """

    topic: Topic
    address: str
    text: str


class AttributeView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One attribute that changes, as it may be shown.

    Attributes:
        path: such as ``ingress[0].cidr_ipv4``.
        before: as it is; ``None`` where it is not set. Masked where secret.
        after: as it will be; ``None`` where it is not set, ``(known after apply)`` where unknown.
        forces_replacement: this attribute is why the resource is replaced.
    """

    path: str
    before: str | None = None
    after: str | None = None
    forces_replacement: bool = False


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One planned change as it may be shown.

    Attributes:
        address: Terraform's address.
        type: the resource's type.
        module: the construct or module that it belongs to.
        action: what will be done.
        attributes: what changes; for a creation what is set, for a destruction nothing.
        previous_address: the address it moves from.
        imported: it is taken over from AWS.
    """

    address: str
    type: str
    module: str
    action: Action
    attributes: tuple[AttributeView, ...] = ()
    previous_address: str | None = None
    imported: bool = False


class PolicyFinding(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One finding of the policy checks.

    Attributes:
        stack: the stack's id.
        resource: the resource's name.
        check: the check's id.
        text: what is wrong, or the reason of the skip.
        skipped: it is skipped with that reason, and does not fail.
        undecided: nobody can say before the apply; it does not fail.
        severity: how much harm it does where it fails: critical, high, medium or low.
        remedy: how to mend it; empty where nobody wrote it.
    """

    stack: str
    resource: str
    check: str
    text: str
    skipped: bool = False
    undecided: bool = False
    severity: str = "medium"
    remedy: str = ""

    @property
    def fails(self) -> bool:
        """Whether it must be mended."""
        return not self.skipped and not self.undecided


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of planned changes. A replacement counts as a replacement only."""

    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    forget: int = 0
    move: int = 0
    imported: int = 0

    def __add__(self, other: Counts) -> Counts:
        """The sum."""
        names = self.__struct_fields__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


class StackReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan of one stack says.

    Attributes:
        name: ``dev``, or with its environment ``dev/web-dev``.
        counts: numbers of changes.
        fingerprint: of the planned changes; equal plans have equal ones.
        warnings: what a reviewer must not miss, most serious first.
        changes: the plan's changes.
        outputs: names of outputs to what is done to each.
        estimate: the cost; ``None`` where it was not asked for.
        failure: why there is no plan, in one line; empty where there is one.
        notes: remarks for the reader, such as how many values were masked.
        policies: what the policy checks say of the plan: what fails, and what nobody can say yet.
    """

    name: str
    counts: Counts = Counts()
    fingerprint: str = ""
    warnings: tuple[PlanWarning, ...] = ()
    changes: tuple[ChangeView, ...] = ()
    outputs: dict[str, Action] = msgspec.field(default_factory=dict)
    estimate: Estimate | None = None
    failure: str = ""
    notes: tuple[str, ...] = ()
    policies: tuple[PolicyFinding, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the plan would do nothing."""
        return not self.failure and not self.changes and not self.outputs


class EnvironmentReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the plans of an environment's stacks say together.

    Attributes:
        name: its name.
        stacks: in the order in which they are applied.
        budgets: limits that all its stacks together exceed.
        budget_note: which budget was taken, where it is not the environment's own.
        failure: why there is nothing at all, in one line; empty where there are stacks.
    """

    name: str
    stacks: tuple[StackReport, ...] = ()
    budgets: tuple[BudgetVerdict, ...] = ()
    budget_note: str = ""
    failure: str = ""

    @property
    def counts(self) -> Counts:
        """Of all stacks."""
        return reduce(Counts.__add__, (each.counts for each in self.stacks), Counts())

    @property
    def estimate(self) -> Estimate | None:
        """The cost of all stacks together; ``None`` where none was estimated."""
        found = [each.estimate for each in self.stacks if each.estimate]
        if not found:
            return None
        return found[0] if len(self.stacks) == 1 else together(found)

    @property
    def failures(self) -> tuple[tuple[str, str], ...]:
        """What has no plan, and why: the environment as a whole, or some of its stacks."""
        if self.failure:
            return ((self.name, self.failure),)
        return tuple((each.name, each.failure) for each in self.stacks if each.failure)

    @property
    def planned(self) -> bool:
        """Whether any stack has a plan."""
        return any(not each.failure for each in self.stacks)

    @property
    def unchanged(self) -> bool:
        """Whether the plans of all stacks are there and would do nothing."""
        return not self.failure and all(each.unchanged for each in self.stacks)


class JobFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A job of the pipeline that failed before or beside the plans.

    Attributes:
        job: the job's name.
        url: the job's page; empty where there is none.
        text: why, in one line; empty where only the page knows.
    """

    job: str
    url: str = ""
    text: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one pipeline reports: of one or more environments.

    Attributes:
        environments: in the order given.
        policies: findings of the synthesised stacks that are new on this branch.
        policies_baseline: whether ``policies`` were compared with the default branch.
        failures: jobs that failed.
        commit: the commit that was planned.
        pipeline_id: the pipeline's number, by which a later one is told from an earlier one.
        pipeline_url: the pipeline's page.
        artifact_url: where the whole report is, when a comment must be cut.
        format: version of this encoding.
    """

    environments: tuple[EnvironmentReport, ...] = ()
    policies: tuple[PolicyFinding, ...] = ()
    policies_baseline: bool = False
    failures: tuple[JobFailure, ...] = ()
    commit: str = ""
    pipeline_id: int = 0
    pipeline_url: str = ""
    artifact_url: str = ""
    format: int = FORMAT

    @property
    def stacks(self) -> tuple[StackReport, ...]:
        """The stacks of all environments."""
        return tuple(chain.from_iterable(each.stacks for each in self.environments))
