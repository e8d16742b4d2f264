"""HTML and SVG made from records, with Jinja2: the same templates serve the running suite and the built report."""
