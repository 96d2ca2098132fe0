"""S3 and DynamoDB: names, which only one thing can have."""

from __future__ import annotations

from recovery.adopt.rule import Rule, listed

RULES = {
    "aws_s3_bucket": Rule(
        look=listed("s3.head_bucket", "[@]", Bucket="{bucket}"),
        id="{bucket}",
        arn="s3:",
        # It refuses a bucket that is not empty.
        removal="s3api delete-bucket --bucket {id}",
    ),
    "aws_dynamodb_table": Rule(
        look=listed("dynamodb.describe_table", "[Table]", TableName="{name}"),
        status="TableStatus",
        pending=frozenset({"CREATING", "UPDATING"}),
        gone=frozenset({"DELETING"}),
        id="{name}",
        arn="dynamodb:table",
        removal="dynamodb delete-table --table-name {id}",
    ),
}
