"""Whether a table is fit to be tested: what its regions say of it, and the cure for what is wrong."""
