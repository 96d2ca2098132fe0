"""SNS: how a topic's messages reach functions, and what CloudWatch learns of it."""
