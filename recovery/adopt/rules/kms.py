"""KMS: keys, which have no name, and aliases."""

from __future__ import annotations

from recovery.adopt.account import Account
from recovery.adopt.rule import Item, Rule, Values, listed


def _keys(account: Account, _values: Values) -> list[Item]:
    aliases: dict[str, list[str]] = {}
    for alias in (account.ask("kms.list_aliases") or {})["Aliases"]:
        aliases.setdefault(alias.get("TargetKeyId", ""), []).append(alias["AliasName"])
    return [
        {**about, "Aliases": aliases.get(about["KeyId"], []), "Tags": _tags(account, about)}
        for key in (account.ask("kms.list_keys") or {})["Keys"]
        for about in [(account.ask("kms.describe_key", KeyId=key["KeyId"]) or {})["KeyMetadata"]]
        if about["KeyManager"] == "CUSTOMER"
    ]


def _tags(account: Account, key: Item) -> list[Item]:
    tags: list[Item] = (account.ask("kms.list_resource_tags", KeyId=key["KeyId"]) or {})["Tags"]
    return tags


RULES = {
    "aws_kms_key": Rule(
        look=_keys,
        same={"Description": "description"},
        tags="Tags",
        status="KeyState",
        gone=frozenset({"PendingDeletion", "PendingReplicaDeletion", "Unavailable"}),
        # A key is made before its alias: the one with an alias was used already.
        prefer="Aliases",
        id="{KeyId}",
        several=True,
        arn="kms:key",
        removal="kms schedule-key-deletion --key-id {id} --pending-window-in-days 30",
    ),
    "aws_kms_alias": Rule(
        look=listed("kms.list_aliases", "Aliases"), same={"AliasName": "name"}, id="{name}"
    ),
}
