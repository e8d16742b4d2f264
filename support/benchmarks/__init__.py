"""What the figures in README are measured with: `python -m support.benchmarks`."""
