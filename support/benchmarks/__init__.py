"""What the figures in README are measured with: `python -m support.benchmarks`."""

from importlib.util import find_spec

if find_spec("flask") is None:
    raise SystemExit(
        "support.benchmarks: moto_server, beside which it measures, needs flask; cure: pip install -e '.[dev]'"
    )
