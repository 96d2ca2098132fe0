terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "ap-southeast-1"
  default_tags { tags = { Project = "alarms" } }
}

variable "threshold" {
  type    = number
  default = 5
}

variable "rule" {
  type    = string
  default = "ALARM(alarms-errors) OR ALARM(alarms-rate)"
}

resource "aws_sns_topic" "this" {
  name = "alarms"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "alarms-errors"
  alarm_description   = "Functions fail."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = "f" }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = var.threshold
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.this.arn]
  ok_actions          = [aws_sns_topic.this.arn]
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  alarm_name                            = "alarms-latency"
  namespace                             = "AWS/ApiGateway"
  metric_name                           = "Latency"
  dimensions                            = { ApiId = "a" }
  extended_statistic                    = "p95"
  period                                = 300
  evaluation_periods                    = 5
  datapoints_to_alarm                   = 3
  threshold                             = 2500
  comparison_operator                   = "GreaterThanThreshold"
  evaluate_low_sample_count_percentiles = "ignore"
  actions_enabled                       = false
}

resource "aws_cloudwatch_metric_alarm" "rate" {
  alarm_name          = "alarms-rate"
  evaluation_periods  = 3
  threshold           = var.threshold
  comparison_operator = "GreaterThanOrEqualToThreshold"

  metric_query {
    id          = "rate"
    expression  = "IF(m2>=20, m1/m2*100, 0)"
    label       = "errors %"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { m1 = "5xx", m2 = "Count" }
    content {
      id = metric_query.key
      metric {
        namespace   = "AWS/ApiGateway"
        metric_name = metric_query.value
        dimensions  = { ApiId = "a" }
        period      = 60
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "anomaly" {
  alarm_name          = "alarms-anomaly"
  evaluation_periods  = 2
  comparison_operator = "GreaterThanUpperThreshold"
  threshold_metric_id = "band"

  metric_query {
    id          = "band"
    expression  = "ANOMALY_DETECTION_BAND(m1, 2)"
    label       = "expected"
    return_data = true
  }

  metric_query {
    id          = "m1"
    return_data = true
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Duration"
      dimensions  = { FunctionName = "f" }
      period      = 300
      stat        = "Average"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "quiet" {
  alarm_name          = "alarms-deploying"
  namespace           = "alarms"
  metric_name         = "Deployments"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_composite_alarm" "this" {
  alarm_name    = "alarms-any"
  alarm_rule    = var.rule
  alarm_actions = [aws_sns_topic.this.arn]

  actions_suppressor {
    alarm            = aws_cloudwatch_metric_alarm.quiet.alarm_name
    wait_period      = 60
    extension_period = 120
  }

  depends_on = [aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.rate]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "alarms"
  dashboard_body = jsonencode({
    widgets = [{
      type   = "metric"
      x      = 0
      y      = 0
      width  = 12
      height = 6
      properties = {
        region  = "ap-southeast-1"
        title   = "Errors above ${var.threshold}"
        metrics = [["AWS/Lambda", "Errors", "FunctionName", "f"]]
      }
    }]
  })
}
