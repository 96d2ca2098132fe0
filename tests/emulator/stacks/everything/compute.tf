resource "aws_sqs_queue" "dead_letters" {
  name                              = "${local.name}-dead-letters"
  kms_master_key_id                 = aws_kms_key.data.arn
  kms_data_key_reuse_period_seconds = 300
  message_retention_seconds         = 1209600
}

resource "aws_sqs_queue" "work" {
  name = "${local.name}-work"
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sns_topic" "alarms" {
  name              = "${local.name}-alarms"
  kms_master_key_id = aws_kms_key.data.arn
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = "team@example.com"
}

resource "aws_iam_role" "function" {
  name = "${local.name}-function"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_policy" "function" {
  name = "${local.name}-function"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.dead_letters.arn }]
  })
}

resource "aws_iam_role_policy_attachment" "function" {
  for_each = {
    own     = aws_iam_policy.function.arn
    network = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
  }
  role       = aws_iam_role.function.name
  policy_arn = each.value
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.data.arn
}

resource "aws_lambda_function" "this" {
  function_name                  = local.name
  role                           = aws_iam_role.function.arn
  runtime                        = "python3.13"
  architectures                  = ["arm64"]
  handler                        = "handler.handle"
  filename                       = var.code
  source_code_hash               = filebase64sha256(var.code)
  timeout                        = 30
  memory_size                    = 512
  publish                        = true
  kms_key_arn                    = aws_kms_key.data.arn
  reserved_concurrent_executions = 10

  vpc_config {
    subnet_ids         = [aws_subnet.this["private-a"].id]
    security_group_ids = [aws_security_group.function.id]
  }
  environment {
    variables = { LOG_LEVEL = "INFO" }
  }
  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letters.arn
  }
  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.function.name
    application_log_level = "INFO"
    system_log_level      = "WARN"
  }
  tracing_config {
    mode = "Active"
  }

  depends_on = [aws_iam_role_policy_attachment.function]
}

# Nothing set that has a default: the defaults must not differ either.
resource "aws_lambda_function" "plain" {
  function_name    = "${local.name}-plain"
  role             = aws_iam_role.function.arn
  runtime          = "python3.13"
  handler          = "handler.handle"
  filename         = var.code
  source_code_hash = filebase64sha256(var.code)
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  function_name                     = aws_lambda_function.this.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = 2
}

resource "aws_lambda_function_event_invoke_config" "live" {
  function_name                = aws_lambda_function.this.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_retry_attempts       = 1
  maximum_event_age_in_seconds = 3600
}

resource "aws_lambda_invocation" "once" {
  function_name = aws_lambda_function.plain.function_name
  input         = jsonencode({ action = "bootstrap" })
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  dimensions          = { FunctionName = aws_lambda_function.this.function_name }
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

output "function_version" {
  value = aws_lambda_function.this.version
}
