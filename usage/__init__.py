"""What Bedrock was used for, how much, by whom and for how much money."""
