"""EventBridge: events that AWS itself tells, which no call of its API can make."""
