"""The page's Troubleshooting Guide as a tool: read-only probes exclude causes, and name the one that remains."""
