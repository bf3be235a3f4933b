"""What the service looks like: Jinja files, and the small Python that knows dates, countries and text."""
