"""The simulator over HTTP: the server, its command line, and the commands that switch faults and links."""
