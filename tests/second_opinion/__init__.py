"""Every table of the chain once more, in plain Python, written from the text of the data dictionary alone."""
