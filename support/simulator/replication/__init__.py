"""Replication between regions: links, versions, arrivals, and what is published about them."""
