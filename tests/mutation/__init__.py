"""Mutation testing of the SQL and the Python that make figures: `python -m tests.mutation`."""
