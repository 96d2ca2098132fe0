"""What the rehearsal found, as a page of Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolchain.cdktn.compare import Comparison
from toolchain.cdktn.validate import Validation


@dataclass(frozen=True, kw_only=True, slots=True)
class Rehearsal:
    """What was done and found.

    Attributes:
        before: the packages of today, such as ``cdktf 0.21.0``.
        after: the successor's.
        renamed: each file with its number of changed lines.
        seconds: the best synthesis of all stacks, today's and the successor's.
        install_mb: what the successor's packages take on disk.
        comparison: of the two outputs.
        validation: what Terraform says of the successor's stacks.
    """

    before: str
    after: str
    renamed: list[tuple[Path, int]]
    seconds: tuple[float, float]
    install_mb: float
    comparison: Comparison
    validation: Validation

    @property
    def findings(self) -> list[str]:
        """What stands against a move, a line each."""
        return [*map(str, self.comparison.differences), *self.validation.errors]

    @property
    def lines(self) -> int:
        """How many lines the renaming changes."""
        return sum(number for _, number in self.renamed)

    @property
    def result(self) -> str:
        """The outcome in one sentence."""
        old, new = (" and ".join(names) for names in self.comparison.providers)
        provider = f" but for the required provider, {old} → {new}" if old != new else ""
        addresses = sum(self.comparison.addresses.values())
        everything = f"{len(self.comparison.addresses)} stacks with {addresses} addresses"
        if not self.findings:
            text = f"Equal: {everything}, every body the same{provider}."
        else:
            text = f"NOT equal: {len(self.findings)} findings in {everything}{provider}."
        return f"{text} {self.validated}"

    @property
    def validated(self) -> str:
        """Whether Terraform accepts the stacks, in one sentence."""
        if self.validation.unavailable:
            return (
                "Terraform did not validate them: neither a mirror on this machine nor the"
                " registry gives that provider."
            )
        errors, warnings = len(self.validation.errors), len(self.validation.warnings)
        return f"Terraform validated them: {errors} errors, {warnings} warnings."


def markdown(rehearsal: Rehearsal) -> str:
    """Return the whole report."""
    before, after = rehearsal.seconds
    lines = [
        "# Rehearsal of the move to cdktn",
        "",
        rehearsal.result,
        "",
        f"- From {rehearsal.before} to {rehearsal.after}.",
        f"- Renamed: {rehearsal.lines} lines in {len(rehearsal.renamed)} files.",
        f"- Synthesis of all stacks: {before:.1f} s, then {after:.1f} s ({after / before:.2f} times).",
        f"- Installed size of the successor: {rehearsal.install_mb:.0f} MB.",
        *([f"- Terraform: {reason}"] if (reason := rehearsal.validation.unavailable) else []),
        "",
        "No rehearsal shows what the new provider plans for what is deployed, nor a deployment.",
        "",
        "## Stacks",
        "",
        "| Stack | Addresses |",
        "|---|---|",
        *(f"| {stack} | {number} |" for stack, number in rehearsal.comparison.addresses.items()),
        "",
        "## Differences",
        "",
        *([f"- {finding}" for finding in rehearsal.findings] or ["None."]),
        "",
        "## Terraform's warnings",
        "",
        *([f"- {warning}" for warning in rehearsal.validation.warnings] or ["None."]),
        "",
        "## Renamed lines",
        "",
        "| File | Lines |",
        "|---|---|",
        *(f"| {path} | {number} |" for path, number in rehearsal.renamed),
    ]
    return "\n".join(lines) + "\n"
