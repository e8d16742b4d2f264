"""Engines: the regional DynamoDB tables beneath the simulator, which know nothing of each other."""
