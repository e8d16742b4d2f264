"""What goes around the scenarios of a live run, as pytest plugins: preflight, order, tries, cost, evidence, removal."""
