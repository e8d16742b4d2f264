"""One table, asked region by region over its API: clients, calls with retries, operations, metrics."""
