# Log groups with what hangs on them, and topics with their subscriptions.
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "code" {
  type        = string
  description = "Path of the Lambda function's zip file."
}

variable "pattern" {
  type    = string
  default = "{ $.level = \"ERROR\" }"
}

provider "aws" {
  region = "ap-southeast-1"
  default_tags {
    tags = { Project = "logs" }
  }
}

data "aws_caller_identity" "this" {}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/logs/app"
  retention_in_days = 14
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "errors"
  log_group_name = aws_cloudwatch_log_group.this.name
  pattern        = var.pattern
  metric_transformation {
    name          = "Errors"
    namespace     = "Logs"
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "latency" {
  name           = "latency"
  log_group_name = aws_cloudwatch_log_group.this.name
  pattern        = "{ $.latency_ms = * }"
  metric_transformation {
    name       = "Latency"
    namespace  = "Logs"
    value      = "$.latency_ms"
    unit       = "Milliseconds"
    dimensions = { Route = "$.route" }
  }
}

resource "aws_cloudwatch_query_definition" "errors" {
  name            = "logs/errors"
  log_group_names = [aws_cloudwatch_log_group.this.name]
  query_string    = <<-QUERY
    filter level = "ERROR"
    | stats count(*) as errors by bin(5m)
  QUERY
}

resource "aws_cloudwatch_log_data_protection_policy" "this" {
  log_group_name = aws_cloudwatch_log_group.this.name
  policy_document = jsonencode({
    Name    = "protect"
    Version = "2021-06-01"
    Statement = [
      {
        Sid            = "Audit"
        DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
        Operation      = { Audit = { FindingsDestination = {} } }
      },
      {
        Sid            = "Redact"
        DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
        Operation      = { Deidentify = { MaskConfig = {} } }
      }
    ]
  })
}

resource "aws_kms_key" "alarms" {
  deletion_window_in_days = 7
  enable_key_rotation     = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.this.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
      }
    ]
  })
}

resource "aws_sns_topic" "alarms" {
  name              = "logs-alarms"
  kms_master_key_id = aws_kms_key.alarms.arn
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "CloudWatch"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.alarms.arn
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.this.account_id } }
    }]
  })
}

resource "aws_sqs_queue" "undelivered" {
  name = "logs-undelivered"
}

resource "aws_iam_role" "notify" {
  name = "logs-notify"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_lambda_function" "notify" {
  function_name    = "logs-notify"
  role             = aws_iam_role.notify.arn
  runtime          = "python3.13"
  handler          = "handler.handle"
  filename         = var.code
  source_code_hash = filebase64sha256(var.code)
}

resource "aws_lambda_permission" "notify" {
  function_name = aws_lambda_function.notify.function_name
  statement_id  = "topic"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.alarms.arn
}

resource "aws_sns_topic_subscription" "notify" {
  topic_arn      = aws_sns_topic.alarms.arn
  protocol       = "lambda"
  endpoint       = aws_lambda_function.notify.arn
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.undelivered.arn })
  depends_on     = [aws_lambda_permission.notify]
}

resource "aws_sns_topic_subscription" "email" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = "oncall@example.com"
}
