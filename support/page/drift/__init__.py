"""What a version of the page says that the suite does not know, and the other way round: how the two are compared."""
