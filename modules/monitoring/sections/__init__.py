"""What each kind of module adds to the monitoring: one file a service, values only."""
