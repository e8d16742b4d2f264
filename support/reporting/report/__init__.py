"""After the run: results read back, and the report and summaries built from them."""
