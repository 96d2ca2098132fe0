"""IAM Access Analyzer: analyzers and their archive rules."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws

FEDERATED = {"principal.Federated": {"eq": ["arn:aws:iam::123456789012:oidc-provider/gitlab.com"]}}


@pytest.mark.gap("accessanalyzer/analyzers")
def test_an_analyzer_and_its_rules_live_and_go(aws: Aws) -> None:
    analyzers = aws("accessanalyzer")
    asked = {"analyzerName": "unused", "type": "ACCOUNT_UNUSED_ACCESS"}
    arn = analyzers.create_analyzer(
        **asked, configuration={"unusedAccess": {"unusedAccessAge": 90}}, tags={"Owner": "team"}
    )["arn"]
    assert arn.endswith(":analyzer/unused")
    with pytest.raises(ClientError, match="ConflictException"):
        analyzers.create_analyzer(**asked)
    found = analyzers.get_analyzer(analyzerName="unused")["analyzer"]
    assert (found["type"], found["status"]) == ("ACCOUNT_UNUSED_ACCESS", "ACTIVE")
    assert found["configuration"] == {"unusedAccess": {"unusedAccessAge": 90}}
    assert analyzers.list_analyzers(type="ACCOUNT")["analyzers"] == []
    changed = analyzers.update_analyzer(
        analyzerName="unused", configuration={"unusedAccess": {"unusedAccessAge": 30}}
    )
    assert changed["configuration"] == {"unusedAccess": {"unusedAccessAge": 30}}

    analyzers.tag_resource(resourceArn=arn, tags={"Project": "p"})
    analyzers.untag_resource(resourceArn=arn, tagKeys=["Owner"])
    assert analyzers.list_tags_for_resource(resourceArn=arn)["tags"] == {"Project": "p"}

    rule = {"analyzerName": "unused", "ruleName": "known"}
    analyzers.create_archive_rule(**rule, filter=FEDERATED)
    with pytest.raises(ClientError, match="ConflictException"):
        analyzers.create_archive_rule(**rule, filter=FEDERATED)
    analyzers.update_archive_rule(**rule, filter={"resource": {"contains": ["x"]}})
    kept = analyzers.get_archive_rule(**rule)["archiveRule"]
    assert kept["filter"] == {"resource": {"contains": ["x"]}}
    assert len(analyzers.list_archive_rules(analyzerName="unused")["archiveRules"]) == 1
    analyzers.delete_archive_rule(**rule)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        analyzers.get_archive_rule(**rule)

    analyzers.delete_analyzer(analyzerName="unused")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        analyzers.get_analyzer(analyzerName="unused")


@pytest.mark.gap("accessanalyzer/analyzers")
def test_an_analyzer_may_begin_with_rules(aws: Aws) -> None:
    analyzers = aws("accessanalyzer")
    analyzers.create_analyzer(
        analyzerName="external",
        type="ACCOUNT",
        archiveRules=[{"ruleName": "known", "filter": FEDERATED}],
    )
    [rule] = analyzers.list_archive_rules(analyzerName="external")["archiveRules"]
    assert (rule["ruleName"], rule["filter"]) == ("known", FEDERATED)
