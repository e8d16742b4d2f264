"""What goes around the scenarios of a live run: preflight, order, tries, cost, evidence, removal."""
