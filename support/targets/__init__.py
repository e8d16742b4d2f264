"""What the features run against."""
