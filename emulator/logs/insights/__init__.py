"""Logs Insights: its query language, as far as it is here; what is not is refused by name.

`scanner` reads text, `expressions` and `functions` compute values of a row, `commands` and `stats`
change rows, `discovery` finds an event's fields, `query` joins them.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""
