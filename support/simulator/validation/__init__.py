"""What the service refuses before it does anything: names and ARNs, shapes of parameters, limits, what is not there."""
