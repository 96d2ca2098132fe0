"""Filter patterns of metric filters, subscriptions and FilterLogEvents.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""
